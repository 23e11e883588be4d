// Draws the charts of a page with plotly, in the page's own colours; their figures stand in tables as well.
"use strict";

(() => {
  const DASHES = ["solid", "dash", "dot", "dashdot", "longdash"];
  const SIGNS = ["circle", "diamond", "square", "triangle-up", "x"];
  const FORMATS = { share: ".0%", count: ",d" };

  function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  }

  function faint(color, alpha) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
    return `rgba(${r}, ${g}, ${b}, ${alpha})`;
  }

  function band(series, color) {
    const edge = { x: series.x, mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false };
    return [
      { ...edge, y: series.low },
      { ...edge, y: series.high, fill: "tonexty", fillcolor: faint(color, 0.16) },
    ];
  }

  function whiskers(series, color) {
    return {
      type: "data", symmetric: false, thickness: 1.5, width: 4, color,
      array: series.high.map((high, i) => high - series.y[i]),
      arrayminus: series.low.map((low, i) => series.y[i] - low),
    };
  }

  function traces(series, index, spec) {
    const color = token(series.draw === "guide" ? "quiet" : series.tone);
    const base = { x: series.x, y: series.y, name: series.label, showlegend: isInLegend(spec, series) };
    const at = FORMATS[spec.y.kind] ? `%{y:${spec.y.kind === "share" ? ".1%" : ",d"}}` : "%{y}";
    const along = spec.x.kind === "share" ? "%{x:.1%}" : "%{x}";
    base.hovertemplate = `${along}<br>${series.label.replace(/</g, "&lt;")}: ${at}<extra></extra>`;
    if (series.draw === "bars") return [{ ...base, type: "bar", marker: { color } }];
    if (series.draw === "dots") {
      const marker = { color, size: 9, symbol: SIGNS[index % SIGNS.length], line: { color: token("card"), width: 1 } };
      if (base.showlegend) base.offsetgroup = series.label;
      const errors = series.low.length ? { error_y: whiskers(series, color) } : {};
      return [{ ...base, ...errors, type: "scatter", mode: "markers", marker }];
    }
    const dash = series.draw === "guide" ? "dot" : DASHES[index % DASHES.length];
    const width = series.draw === "guide" ? 1 : 2.25;
    const line = { ...base, type: "scatter", mode: series.x.length > 1 ? "lines" : "markers", line: { color, width, dash }, marker: { color } };
    if (series.draw === "guide") line.hoverinfo = "skip", delete line.hovertemplate;
    return series.low.length ? [...band(series, color), line] : [line];
  }

  function axis(described) {
    const made = {
      title: { text: described.title, standoff: 12, font: { size: 13, color: token("quiet") } }, automargin: true,
      gridcolor: token("line"), linecolor: token("line"), zeroline: false, tickfont: { color: token("quiet"), size: 12 },
      fixedrange: false,
    };
    if (described.kind === "day") Object.assign(made, { type: "date", tickformat: "%-d %b", nticks: 8, title: undefined });
    if (described.kind === "kind") made.type = "category";
    if (described.kind === "share") made.tickformat = FORMATS.share;
    if (described.kind === "count") Object.assign(made, { tickformat: FORMATS.count, rangemode: "tozero" });
    if (described.range) made.range = described.range;
    return made;
  }

  // Dots of several versions lie too near to one another for words beside them.
  function isInLegend(spec, series) {
    return series.draw === "dots" && spec.series.filter((other) => other.draw === "dots").length > 1;
  }

  // Words at a line's end instead of a legend; where several would collide they move apart.
  function labels(spec) {
    const lines = spec.series.filter((s) => s.draw !== "bars" && s.x.length && !isInLegend(spec, s));
    if (lines.length < 2 && !lines.some((s) => s.draw === "guide")) return [];
    return lines.map((series, index) => {
      if (series.draw === "guide") return besideGuide(series);
      const last = labelledPoint(series);
      return {
        x: series.x[last], y: series.y[last], text: series.label.replace(/</g, "&lt;"), showarrow: false,
        xanchor: series.x[last] > 0.6 || spec.x.kind !== "share" ? "right" : "left", yanchor: "bottom",
        yshift: 4 + 15 * (index % 3) * (series.draw === "dots" ? 1 : 0), xshift: 4,
        font: { size: 12, color: token(series.tone) },
      };
    });
  }

  function besideGuide(series) {
    const between = ([from, to]) => from + (to - from) * 0.72;
    return {
      x: between(series.x), y: between(series.y), text: series.label, showarrow: false, xanchor: "left",
      yanchor: "top", xshift: 4, font: { size: 12, color: token("quiet") },
    };
  }

  function labelledPoint(series) {
    let at = Math.round((series.x.length - 1) * 0.55);
    while (at > 0 && series.y[at] === null) at -= 1;
    return at;
  }

  function marks(spec) {
    const shapes = spec.marks.map(([x]) => ({
      type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color: token("quiet"), width: 1, dash: "dot" },
    }));
    const words = spec.marks.map(([x, text]) => ({
      x, text, yref: "paper", y: 1, yanchor: "bottom", showarrow: false, font: { size: 12, color: token("quiet") },
    }));
    return { shapes, words };
  }

  function layout(spec) {
    const { shapes, words } = marks(spec);
    return {
      paper_bgcolor: token("card"), plot_bgcolor: token("card"),
      font: { family: getComputedStyle(document.body).fontFamily, color: token("ink"), size: 13 },
      margin: { l: 8, r: 16, t: 24, b: 8 }, height: 320, hovermode: "closest", bargap: 0.15,
      hoverlabel: { bgcolor: token("ink"), font: { color: token("paper") }, bordercolor: token("ink") },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 13 } },
      scattermode: spec.x.kind === "kind" ? "group" : "overlay", scattergap: 0.35,
      xaxis: axis(spec.x), yaxis: axis(spec.y), shapes, annotations: [...words, ...labels(spec)],
    };
  }

  const OPTIONS = { displayModeBar: false, responsive: true, scrollZoom: false };

  function draw(figure) {
    const spec = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const plot = figure.querySelector("[data-plot]");
    const drawn = spec.series.flatMap((series, index) => traces(series, index, spec));
    Plotly.react(plot, drawn, layout(spec), OPTIONS).then(hush);
    hush();
    const button = figure.querySelector("[data-png]");
    button.hidden = false;
    button.onclick = () => save(plot, spec);
  }

  // What a drawing says stands on the box around it; plotly also keeps a drawing of its own, to measure text.
  function hush() {
    for (const svg of document.querySelectorAll(".plot svg, #js-plotly-tester")) svg.setAttribute("aria-hidden", "true");
  }

  // As SVG and then through a canvas: plotly's own way needs blob: pictures, which the site's CSP refuses.
  async function save(plot, spec) {
    const size = { width: 1200, height: 675 };
    const layout = { ...plot.layout, ...size, margin: { l: 24, r: 32, t: 80, b: 24 } };
    layout.title = { text: spec.title.replace(/</g, "&lt;"), x: 0.02, xanchor: "left", font: { size: 22 } };
    const picture = new Image();
    picture.src = await Plotly.toImage({ data: plot.data, layout }, { format: "svg", ...size });
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 2 * size.width, height: 2 * size.height });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((data) => offer(data, `nomen-${spec.key}.png`));
  }

  function offer(data, name) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(data), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  function drawAll() {
    if (window.Plotly) document.querySelectorAll("figure.chart").forEach(draw);
  }

  document.addEventListener("live", drawAll);
  document.addEventListener("charts", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  drawAll();
})();
