// The system's preference decides; set before the first paint so that no page flashes.
(function () {
  "use strict";
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() { document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light"); }
  apply();
  dark.addEventListener("change", apply);
  // Paper is white, whatever the screen is.
  window.addEventListener("beforeprint", function () { document.documentElement.setAttribute("data-bs-theme", "light"); });
  window.addEventListener("afterprint", apply);
})();
