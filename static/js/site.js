// One small script for every page: search key, empty menus, unsaved words, CSRF for htmx, file names.
(function () {
  "use strict";

  function token() {
    var field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  function prepare(root) {
    root.querySelectorAll("[data-more]").forEach(function (menu) {
      menu.hidden = !menu.querySelector(".dropdown-menu > li");
    });
    root.querySelectorAll("form[data-guard]").forEach(guard);
    root.querySelectorAll("[data-submit-on-change]").forEach(submitting);
    root.querySelectorAll("[data-print]").forEach(function (button) {
      button.addEventListener("click", function () { window.print(); });
    });
    root.querySelectorAll("[data-dropzone]").forEach(dropzone);
    root.querySelectorAll(".table-responsive > table:not(.board, [data-grid])").forEach(stack);
    root.querySelectorAll("[data-rows]").forEach(rows);
    root.querySelectorAll("main select:not([multiple])").forEach(finder);
  }

  // A choice made with the mouse is sent at once. The keys go through a list choice by choice: then the button sends it.
  function submitting(field) {
    var keyed = false;
    field.addEventListener("focus", function () { keyed = false; });
    field.addEventListener("pointerdown", function () { keyed = false; });
    field.addEventListener("keydown", function (event) { keyed = event.key !== "Tab"; });
    field.addEventListener("change", function () { if (!keyed) { field.form.requestSubmit(); } });
  }

  // A long list gets a field above it: what is typed anywhere in a name narrows it, Enter takes the first.
  var LONG = 20;
  function finder(select) {
    var all = Array.prototype.slice.call(select.options);
    var label = select.labels && select.labels[0];
    if (all.length <= LONG || select.dataset.found) { return; }
    select.dataset.found = "yes";
    var field = document.createElement("input");
    field.type = "search";
    field.autocomplete = "off";
    field.className = "form-control form-control-sm find";
    field.placeholder = document.body.dataset.find;
    field.setAttribute("aria-label", document.body.dataset.find + (label ? ": " + label.textContent.trim() : ""));
    function plain(text) { return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); }
    function show(options) {
      var chosen = select.value;
      select.replaceChildren.apply(select, options);
      select.value = chosen;
    }
    function matching() {
      var words = plain(field.value.trim());
      return all.filter(function (option) { return option.value && plain(option.textContent).includes(words); });
    }
    field.addEventListener("input", function () {
      var kept = matching();
      show(all.filter(function (option) { return !option.value || option.selected || kept.includes(option); }));
    });
    field.addEventListener("keydown", function (event) {
      if (event.key !== "Enter") { return; }
      event.preventDefault();
      var first = field.value.trim() && matching()[0];
      show(all);
      field.value = "";
      if (!first) { return; }
      select.value = first.value;
      select.focus();
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    select.before(field);
  }

  // Up and down go from row to row of a board; Enter opens, for the link of the row has the focus.
  function rows(table) {
    table.addEventListener("keydown", function (event) {
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || event.altKey || event.ctrlKey || event.metaKey) { return; }
      var links = Array.prototype.slice.call(table.querySelectorAll("[data-row-link]"));
      var group = event.target.closest("tbody");
      var to = links[links.indexOf(group && group.querySelector("[data-row-link]")) + step];
      if (to) { event.preventDefault(); to.focus(); }
    });
  }

  // Words typed but not saved: ask before leaving.
  function guard(form) {
    var touched = false;
    form.addEventListener("input", function () { touched = true; });
    form.addEventListener("submit", function () { touched = false; });
    window.addEventListener("beforeunload", function (event) {
      if (touched) { event.preventDefault(); }
    });
  }

  // A button pressed twice sends its form once; after a while, or back on the page, it may be sent again.
  var AGAIN = 5000;
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    window.setTimeout(function () { delete form.dataset.sent; }, AGAIN);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // A table wider than a phone becomes one block for each row; its cells carry the name of their column.
  // The picture of a file stays a grid: dozens of columns would be dozens of lines for each of its rows.
  var phone = window.matchMedia("(max-width: 575.98px)");
  function stack(table) {
    var heads = table.tHead && table.tHead.rows.length === 1 ? table.tHead.rows[0].cells : [];
    var rows = Array.prototype.concat.apply([], Array.prototype.map.call(table.tBodies, function (body) {
      return Array.prototype.slice.call(body.rows);
    }));
    if (!heads.length || rows.some(function (row) { return row.cells.length !== heads.length; })) { return; }
    function fit() {
      table.classList.remove("stacked");
      var box = table.parentElement;
      if (!phone.matches || box.scrollWidth <= box.clientWidth + 1) { return; }
      // Blocks are no table to a screen reader unless they say so.
      table.setAttribute("role", "table");
      rows.forEach(function (row) {
        row.setAttribute("role", "row");
        Array.prototype.forEach.call(row.cells, function (cell, place) {
          cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
          var label = heads[place].textContent.trim();
          if (cell.tagName === "TD" && label && cell.childNodes.length) { cell.setAttribute("data-label", label); }
        });
      });
      table.classList.add("stacked");
    }
    fit();
    phone.addEventListener("change", fit);
  }

  // Paper shows the folds whose content belongs to the page; forms and the like stay folded.
  var unfolded = [];
  window.addEventListener("beforeprint", function () {
    unfolded = Array.prototype.slice.call(document.querySelectorAll("main details.on-paper:not([open])"));
    unfolded.forEach(function (fold) { fold.open = true; });
  });
  window.addEventListener("afterprint", function () {
    unfolded.forEach(function (fold) { fold.open = false; });
  });

  function dropzone(zone) {
    var input = zone.querySelector("input[type=file]");
    var name = zone.querySelector("[data-file-name]");
    function show() { if (name && input.files.length) { name.textContent = input.files[0].name; } }
    input.addEventListener("change", show);
    ["dragover", "dragenter"].forEach(function (kind) {
      zone.addEventListener(kind, function (event) { event.preventDefault(); zone.classList.add("over"); });
    });
    ["dragleave", "drop"].forEach(function (kind) {
      zone.addEventListener(kind, function (event) { event.preventDefault(); zone.classList.remove("over"); });
    });
    zone.addEventListener("drop", function (event) {
      if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; show(); }
    });
  }

  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      var field = document.getElementById("top-search");
      if (field) { event.preventDefault(); field.focus(); field.select(); }
    }
  });
  document.addEventListener("htmx:configRequest", function (event) {
    event.detail.headers["X-CSRFToken"] = token();
  });
  document.addEventListener("htmx:load", function (event) { prepare(event.detail.elt); });
  document.addEventListener("DOMContentLoaded", function () {
    prepare(document);
    var summary = document.querySelector("[data-error-summary]");
    if (summary) { summary.focus(); }
    document.documentElement.setAttribute("data-ready", "true");
  });
})();
