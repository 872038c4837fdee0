// Draws every chart of a page from the JSON beside it; nothing else knows plotly.
(function () {
  "use strict";

  var VARIABLE = /^var\((--[\w-]+)\)$/;
  var PAPER = 680;
  var drawn = [];
  // While the page is on its way to paper whatever asks for a chart, a late scroll or a change of theme, gets one for paper.
  var printing = false;

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  // A copy of the figure in which names of the style sheet's variables are replaced by their values.
  function painted(part) {
    if (Array.isArray(part)) { return part.map(painted); }
    if (part && typeof part === "object") {
      var copy = {};
      Object.keys(part).forEach(function (key) { copy[key] = painted(part[key]); });
      return copy;
    }
    var found = typeof part === "string" && VARIABLE.exec(part);
    return found ? colour(found[1]) : part;
  }

  function pointsOf(figure) {
    for (var place = figure.data.length - 1; place >= 0; place -= 1) {
      if (figure.data[place].name === "points") { return place; }
    }
    return -1;
  }

  function narrow(layout, canvas) {
    if (canvas.clientWidth >= 560) { return layout; }
    layout.margin = Object.assign({}, layout.margin, { l: 36, r: Math.round(layout.margin.r * 0.75) });
    layout.font = Object.assign({}, layout.font, { size: 11 });
    (layout.annotations || []).forEach(function (label) { label.font = Object.assign({}, label.font, { size: 10 }); });
    return layout;
  }

  function draw(canvas) {
    var source = document.getElementById(canvas.getAttribute("data-chart"));
    if (!source || !window.Plotly) { return; }
    var figure = JSON.parse(source.textContent);
    var config = Object.assign({ responsive: true }, figure.config,
      { showSendToCloud: false, plotlyServerURL: "", displaylogo: false });
    var shown = painted({ data: figure.data, layout: figure.layout || {} });
    if (printing) { shown.layout.width = PAPER; }
    // The place keeps the chart's height when the window changes, so that nothing below runs into it.
    if (shown.layout.height) { canvas.style.height = canvas.style.minHeight = shown.layout.height + "px"; }
    window.Plotly.newPlot(canvas, shown.data, narrow(shown.layout, canvas), config).then(function () {
      canvas.setAttribute("data-drawn", "true");
      if (drawn.indexOf(canvas) < 0) {
        drawn.push(canvas);
        guide(canvas, figure);
      }
    });
  }

  // A click or Enter on a point opens what lies behind it; the arrow keys go from point to point.
  function guide(canvas, figure) {
    var curve = pointsOf(figure);
    if (curve < 0) { return; }
    var points = figure.data[curve];
    var told = (figure.words && figure.words.points) || [];
    var at = points.x.length;
    canvas.on("plotly_click", function (event) {
      event.points.forEach(function (point) { if (point.curveNumber === curve) { open(points, point.pointNumber); } });
    });
    if (!told.length) { return; }
    var voice = document.createElement("p");
    voice.className = "visually-hidden";
    voice.setAttribute("aria-live", "polite");
    canvas.after(voice);
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", figure.words.help);
    canvas.addEventListener("keydown", function (event) {
      var last = points.x.length - 1;
      var to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
      if (event.key === "Enter" && at >= 0 && at <= last) { open(points, at); return; }
      var finds = figure.words.finds || [];
      if (event.key.toLowerCase() === "f" && !event.ctrlKey && !event.altKey && !event.metaKey && finds[at]) {
        event.preventDefault();
        follow(finds[at]);
        return;
      }
      if (event.key === "Escape") { window.Plotly.Fx.unhover(canvas); return; }
      if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) { return; }
      event.preventDefault();
      at = Math.max(0, Math.min(last, to));
      voice.textContent = told[at];
      if (points.y[at] !== null) { window.Plotly.Fx.hover(canvas, [{ curveNumber: curve, pointNumber: at }]); }
    });
  }

  function open(points, place) { follow(points.customdata && points.customdata[place]); }

  function follow(url) {
    if (typeof url === "string" && url.charAt(0) === "/" && url.charAt(1) !== "/") { window.location.assign(url); }
  }

  var seen = "IntersectionObserver" in window ? new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) { seen.unobserve(entry.target); draw(entry.target); }
    });
  }, { rootMargin: "200px" }) : null;

  function prepare(root) {
    var found = Array.prototype.slice.call(root.querySelectorAll("[data-chart]"));
    if (root.matches && root.matches("[data-chart]")) { found.push(root); }
    found.forEach(function (canvas) {
      if (canvas.hasAttribute("data-drawn") || canvas.hasAttribute("data-asked")) { return; }
      canvas.setAttribute("data-asked", "true");
      if (seen) { seen.observe(canvas); } else { draw(canvas); }
    });
  }

  function again() { drawn.forEach(function (canvas) { draw(canvas); }); }

  // A phone that is turned: margins and type are of the other width.
  window.matchMedia("(max-width: 640px)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  // Those below the fold too, and as wide as A4 between its margins: the screen's width would run off the paper.
  window.addEventListener("beforeprint", function () {
    printing = true;
    document.querySelectorAll("[data-chart]").forEach(draw);
  });
  window.addEventListener("afterprint", function () { printing = false; again(); });
  document.addEventListener("htmx:load", function (event) { prepare(event.detail.elt); });
  document.addEventListener("DOMContentLoaded", function () { prepare(document); });
})();
