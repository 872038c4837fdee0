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

  // What the page sends of a column (metrics/charts/columns.py) as a list: one number for each value, by runs or one by one.
  function listed(column) {
    if (!column.runs) { return column.values; }
    var values = [];
    for (var at = 0; at < column.runs.length; at += 2) {
      for (var times = column.runs[at + 1]; times > 0; times -= 1) { values.push(column.runs[at]); }
    }
    return values;
  }

  function scaled(number, places) {
    if (number === null) { return null; }
    return places < 0 ? number * Math.pow(10, -places) : number / Math.pow(10, places);
  }

  function columnOf(column) {
    if (Array.isArray(column)) { return column; }
    if (column.first) {
      var day = new Date(column.first + "T00:00:00Z");
      return [column.first].concat(listed(column).map(function (step) {
        day.setUTCDate(day.getUTCDate() + step);
        return day.toISOString().slice(0, 10);
      }));
    }
    if (column.few) { return listed(column).map(function (place) { return column.few[place]; }); }
    return listed(column).map(function (number) { return scaled(number, column.places); });
  }

  // A whole number of so many places, written with fewer decimals as metrics/wording/figures.py writes it.
  function shown(number, places, told, signs) {
    var step = Math.pow(10, places - told);
    var rounded = Math.floor((Math.abs(number) + Math.floor(step / 2)) / step);
    var text = String(rounded).padStart(told + 1, "0");
    var before = text.slice(0, text.length - told).replace(/\B(?=(\d{3})+$)/g, signs[1]);
    return (number < 0 && rounded ? "\u2212" : "") + before + (told ? signs[0] + text.slice(-told) : "");
  }

  function dayWords(months, day) {
    var date = day.split("-");
    return months[Number(date[1])].replace("{Y}", date[0]).replace("{j}", Number(date[2])).replace("{d}", date[2]);
  }

  function addresses(given, days) {
    if (typeof given !== "string") { return columnOf(given || []); }
    return days.map(function (day) {
      // Days are numbered from 1 January of the year 1.
      return given.replace("{day}", day).replace("{number}", Math.round(Date.parse(day + "T00:00:00Z") / 864e5) + 719163);
    });
  }

  // Where a point or an end of its whisker (a key of error_y, "" for the point) lies: [whole numbers, their places].
  function drawnAt(sent, points, key) {
    var of = function (part) { return sent.columns[part.$]; };
    var base = of(points.y), values = listed(base);
    if (!key) { return [values, base.places]; }
    var reach = of(points.error_y[key]), far = listed(reach), places = Math.max(base.places, reach.places);
    var up = Math.pow(10, places - base.places), along = Math.pow(10, places - reach.places) * (key === "array" ? 1 : -1);
    return [values.map(function (value, at) { return value === null ? null : value * up + far[at] * along; }), places];
  }

  function told(sent, points, column, days, signs) {
    if (column.months) { return days.map(function (day) { return dayWords(column.months, day); }); }
    if (!column.form) { return columnOf(column); }
    var drawn = typeof column.drawn === "string";
    var numbers = drawn ? drawnAt(sent, points, column.drawn) : [listed(column), column.places];
    return numbers[0].map(function (number, at) {
      if (column.other && at in column.other) { return column.other[at]; }
      if (number === null) { return drawn ? "\u2013" : null; }
      return column.form[0] + shown(number, numbers[1], column.told, signs) + column.form[1];
    });
  }

  // What is told of each point: the parts whose columns have something to say of it.
  function wordsOf(sent, points, days) {
    var given = sent.words && sent.words.points;
    if (!given || Array.isArray(given)) { return given || []; }
    var columns = {};
    Object.keys(given.columns).forEach(function (name) {
      columns[name] = told(sent, points, given.columns[name], days, given.signs);
    });
    return days.map(function (day, at) {
      return given.parts.map(function (part) {
        var whole = true;
        var words = part.replace(/\{(\w+)\}/g, function (named, name) {
          whole = whole && columns[name][at] !== null;
          return columns[name][at];
        });
        return whole ? words : null;
      }).filter(function (words) { return words !== null; }).join("; ");
    });
  }

  function hover(words) {
    return words.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/; /g, "<br>");
  }

  // The figure that metrics.charts.sent has shortened, as plotly draws it.
  function whole(sent) {
    var points = sent.data[pointsOf(sent)] || {};
    var days = points.x && points.x.$ !== undefined ? columnOf(sent.columns[points.x.$]) : [];
    var words = wordsOf(sent, points, days);
    function listOf(part) {
      return part.$ === "told" ? words.map(hover) : columnOf(sent.columns[part.$]);
    }
    function restored(trace) {
      var made = {};
      Object.keys(trace).forEach(function (key) {
        var part = trace[key];
        if (key === "customdata") { made[key] = addresses(part, days); return; }
        if (!part || typeof part !== "object" || Array.isArray(part)) { made[key] = part; return; }
        made[key] = part.$ === undefined ? restored(part) : listOf(part);
      });
      // A line is broken by a point that stands twice, first without a value.
      (trace.x && trace.x.cut || []).slice().reverse().forEach(function (place) {
        made.x.splice(place, 0, made.x[place]);
        made.y.splice(place, 0, null);
      });
      return made;
    }
    var told = Object.assign({}, sent.words, { points: words });
    if (told.finds) { told.finds = addresses(told.finds, days); }
    return Object.assign({}, sent, { data: sent.data.map(restored), words: told });
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
    var figure = whole(JSON.parse(source.textContent));
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
      if (points.y[at] === null) { return; }
      // Of two panels above one another the points may stand in the second.
      window.Plotly.Fx.hover(canvas, [{ curveNumber: curve, pointNumber: at }], (points.xaxis || "x") + (points.yaxis || "y"));
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
