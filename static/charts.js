/** Draws the charts of a page with plotly, in the page's own colours. Their figures stand in tables as well. */

import { element, escapeMarkup, readJson } from "./lib/elements.js";
import { language } from "./lib/words.js";

/**
 * One line, or one set of bars or dots: webapp/presentation/charts.py.
 * @typedef {object} Series
 * @property {string} label
 * @property {any[]} x
 * @property {(number | null)[]} y
 * @property {number[]} low of a band, or of whiskers
 * @property {number[]} high
 * @property {"line" | "dots" | "bars" | "guide"} draw
 * @property {string} tone the token of its colour
 */

/** @typedef {{title: string, kind: "share" | "count" | "day" | "kind", range: (number | string)[] | null, ticks: string[]}} Axis */

/**
 * One chart, as the server describes it.
 * @typedef {object} Spec
 * @property {string} key
 * @property {string} title
 * @property {Axis} x
 * @property {Axis} y
 * @property {Series[]} series
 * @property {[any, string][]} marks moments on the x axis, with the words beside them
 */

const DASHES = ["solid", "dash", "dot", "dashdot", "longdash"];
const SYMBOLS = ["circle", "diamond", "square", "triangle-up", "x"];
const TICK_FORMATS = { share: ".0%", count: ",d" };
const HOVER_FORMATS = { share: ":.1%", count: ":,d" };
const OPTIONS = { displayModeBar: false, responsive: true, scrollZoom: false };
const DAY = 86_400_000; // milliseconds
const PICTURE = { width: 1200, height: 675 };

/**
 * Returns a colour of the style sheet as it is at the moment, light or dark.
 * @param {string} name
 */
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/**
 * @param {string} color as #rrggbb
 * @param {number} alpha
 */
function faint(color, alpha) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}

/**
 * Dots of several versions lie too near to one another for words beside them.
 * @param {Spec} spec
 * @param {Series} series
 */
function isInLegend(spec, series) {
  return series.draw === "dots" && spec.series.filter((other) => other.draw === "dots").length > 1;
}

/**
 * Returns a series as plotly's traces.
 * @param {Series} series
 * @param {number} index
 * @param {Spec} spec
 */
function traces(series, index, spec) {
  const color = token(series.draw === "guide" ? "quiet" : series.tone);
  const along = spec.x.kind === "share" ? "%{x:.1%}" : "%{x}";
  const value = `%{y${HOVER_FORMATS[spec.y.kind] ?? ""}}`;
  const base = {
    x: series.x,
    y: series.y,
    name: series.label,
    showlegend: isInLegend(spec, series),
    hovertemplate: `${along}<br>${escapeMarkup(series.label)}: ${value}<extra></extra>`,
  };
  // A bar alone has no neighbour to tell how wide a day is.
  const width = spec.x.kind === "day" ? { width: 0.85 * DAY } : {};
  if (series.draw === "bars") return [{ ...base, ...width, type: "bar", marker: { color } }];
  if (series.draw === "dots") return [dots(base, series, index, color)];
  if (series.draw === "guide") return [guide(base, color)];
  const mode = series.x.length > 1 ? "lines" : "markers";
  const dash = DASHES[index % DASHES.length];
  const line = { ...base, type: "scatter", mode, line: { color, width: 2.25, dash }, marker: { color } };
  if (!series.low.length) return [line];
  // A band around a single point would have no width.
  return mode === "markers" ? [{ ...line, error_y: whiskers(series, color) }] : [...band(series, color), line];
}

function dots(base, series, index, color) {
  const symbol = SYMBOLS[index % SYMBOLS.length];
  const trace = { ...base, type: "scatter", mode: "markers" };
  trace.marker = { color, size: 9, symbol, line: { color: token("card"), width: 1 } };
  if (base.showlegend) trace.offsetgroup = series.label;
  if (series.low.length) trace.error_y = whiskers(series, color);
  return trace;
}

function guide(base, color) {
  const { hovertemplate: _, ...silent } = base;
  return { ...silent, type: "scatter", mode: "lines", line: { color, width: 1, dash: "dot" }, hoverinfo: "skip" };
}

function band(series, color) {
  const edge = { x: series.x, mode: "lines", line: { width: 0 }, hoverinfo: "skip", showlegend: false };
  const upper = { ...edge, y: series.high, fill: "tonexty", fillcolor: faint(color, 0.16) };
  return [{ ...edge, y: series.low }, upper];
}

function whiskers(series, color) {
  return {
    type: "data",
    symmetric: false,
    thickness: 1.5,
    width: 4,
    color,
    array: series.high.map((high, index) => high - series.y[index]),
    arrayminus: series.low.map((low, index) => series.y[index] - low),
  };
}

/**
 * Returns days as the page's language writes them; plotly knows English alone.
 * @param {string[]} days
 */
function dayWords(days) {
  const written = new Intl.DateTimeFormat(`${language}-u-nu-latn`, { day: "numeric", month: "short", timeZone: "UTC" });
  return language === "en" ? {} : { ticktext: days.map((day) => written.format(new Date(day))) };
}

/** The signs that part decimals and thousands. */
const SEPARATORS = ["decimal", "group"]
  .map((type) => new Intl.NumberFormat(`${language}-u-nu-latn`).formatToParts(12345.6).find((part) => part.type === type)?.value)
  .join("");

/** @param {Axis} described */
function axis(described) {
  const quiet = token("quiet");
  const made = {
    title: { text: described.title, standoff: 12, font: { size: 13, color: quiet } },
    automargin: true,
    gridcolor: token("line"),
    linecolor: token("line"),
    zeroline: false,
    tickfont: { color: quiet, size: 12 },
    fixedrange: false,
  };
  if (described.kind === "day") Object.assign(made, { type: "date", tickformat: "%-d %b", title: undefined, ...dayWords(described.ticks) });
  if (described.ticks.length) Object.assign(made, { tickmode: "array", tickvals: described.ticks });
  if (described.kind === "kind") made.type = "category";
  if (described.kind in TICK_FORMATS) made.tickformat = TICK_FORMATS[described.kind];
  if (described.kind === "count") made.rangemode = "tozero";
  if (described.range) made.range = described.range;
  return made;
}

/**
 * Returns words beside the lines instead of a legend; where several would collide they move apart.
 * @param {Spec} spec
 */
function labels(spec) {
  const lines = spec.series.filter((series) => series.draw !== "bars" && series.x.length && !isInLegend(spec, series));
  if (lines.length < 2 && !lines.some((series) => series.draw === "guide")) return [];
  return lines.map((series, index) => (series.draw === "guide" ? guideLabel(series) : lineLabel(series, index, spec)));
}

function lineLabel(series, index, spec) {
  const point = labelledPoint(series);
  const x = series.x[point];
  return {
    x,
    y: series.y[point],
    text: escapeMarkup(series.label),
    showarrow: false,
    xanchor: x > 0.6 || spec.x.kind !== "share" ? "right" : "left",
    yanchor: "bottom",
    yshift: 4 + (series.draw === "dots" ? 15 * (index % 3) : 0),
    xshift: 4,
    font: { size: 12, color: token(series.tone) },
  };
}

function guideLabel(series) {
  const along = ([from, to]) => from + (to - from) * 0.72;
  return {
    x: along(series.x),
    y: along(series.y),
    text: escapeMarkup(series.label),
    showarrow: false,
    xanchor: "left",
    yanchor: "top",
    xshift: 4,
    font: { size: 12, color: token("quiet") },
  };
}

function labelledPoint(series) {
  let point = Math.round((series.x.length - 1) * 0.55);
  while (point > 0 && series.y[point] === null) point -= 1;
  return point;
}

/**
 * Returns how the words of a mark are set: to the inside of the drawing at both of its ends.
 * @param {Spec} spec
 */
function markWords(spec) {
  const [from, to] = (spec.x.range ?? []).map((end) => Date.parse(end));
  const words = { yref: "paper", y: 1, yanchor: "bottom", showarrow: false };
  words.font = { size: 12, color: token("quiet") };
  return ([x, text]) => {
    const along = (Date.parse(x) - from) / (to - from);
    const xanchor = along < 0.1 ? "left" : along > 0.9 ? "right" : "center";
    return { ...words, x, xanchor, text: escapeMarkup(text) };
  };
}

/** @param {Spec} spec */
function layout(spec) {
  const quiet = token("quiet");
  const markLine = { type: "line", yref: "paper", y0: 0, y1: 1, line: { color: quiet, width: 1, dash: "dot" } };
  return {
    paper_bgcolor: token("card"),
    plot_bgcolor: token("card"),
    font: { family: getComputedStyle(document.body).fontFamily, color: token("ink"), size: 13 },
    margin: { l: 8, r: 16, t: 24, b: 8 },
    height: 320,
    separators: SEPARATORS,
    hovermode: "closest",
    bargap: 0.15,
    hoverlabel: { bgcolor: token("ink"), font: { color: token("paper") }, bordercolor: token("ink") },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { size: 13 } },
    scattermode: spec.x.kind === "kind" ? "group" : "overlay",
    scattergap: 0.35,
    xaxis: axis(spec.x),
    yaxis: axis(spec.y),
    shapes: spec.marks.map(([x]) => ({ ...markLine, x0: x, x1: x })),
    annotations: [...spec.marks.filter(([, text]) => text).map(markWords(spec)), ...labels(spec)],
  };
}

/** @type {Set<string>} the charts that have taken their table's place; whoever unfolds it again keeps it */
const drawn = new Set();

/** @param {HTMLElement} figure */
function draw(figure) {
  /** @type {Spec} */
  const spec = readJson(figure);
  const plot = figure.querySelector("[data-plot]");
  plot.hidden = false;
  if (!drawn.has(spec.key)) figure.querySelector("details").open = false;
  drawn.add(spec.key);
  const all = spec.series.flatMap((series, index) => traces(series, index, spec));
  window.Plotly.react(plot, all, layout(spec), OPTIONS).then(hideDrawings);
  hideDrawings();
  const button = figure.querySelector("[data-png]");
  button.hidden = false;
  button.onclick = () => savePicture(plot, spec);
}

/**
 * Hides the drawings from screen readers: what they say stands on the box around each. Plotly also keeps a
 * drawing of its own, to measure text.
 */
function hideDrawings() {
  for (const svg of document.querySelectorAll(".plot svg, #js-plotly-tester")) svg.setAttribute("aria-hidden", "true");
}

/**
 * Saves a chart as PNG. It goes as SVG through a canvas: plotly's own way needs blob: pictures, which the site's
 * CSP refuses.
 * @param {HTMLElement} plot
 * @param {Spec} spec
 */
async function savePicture(plot, spec) {
  const title = { text: escapeMarkup(spec.title), x: 0.02, xanchor: "left", font: { size: 22 } };
  const framed = { ...plot.layout, ...PICTURE, title, margin: { l: 24, r: 32, t: 80, b: 24 } };
  const picture = new Image();
  picture.src = await window.Plotly.toImage({ data: plot.data, layout: framed }, { format: "svg", ...PICTURE });
  await picture.decode();
  const canvas = element("canvas", { width: 2 * PICTURE.width, height: 2 * PICTURE.height });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((data) => offer(data, `nomen-${spec.key}.png`));
}

/**
 * @param {Blob} data
 * @param {string} name of the file
 */
function offer(data, name) {
  const link = element("a", { href: URL.createObjectURL(data), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Without plotly the tables say it all.
function drawAll() {
  if (window.Plotly) document.querySelectorAll("figure.chart").forEach(draw);
}

document.addEventListener("live", drawAll); // live.js has replaced a part of the page
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
drawAll();
