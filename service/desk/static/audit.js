// Draws the rulings of each day with uPlot; the page's tables say the same without it.
"use strict";

const place = document.getElementById("chart");
const days = JSON.parse(place.dataset.days);
const colour = (name) => getComputedStyle(place).getPropertyValue(name);
const wide = () => Math.min(place.parentElement.clientWidth, 960);

place.hidden = false;
const axis = { stroke: colour("--bs-body-color"), grid: { stroke: colour("--bs-border-color"), width: 1 } };
const chart = new uPlot(
  {
    width: wide(),
    height: 200,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_, low, high) => [0, Math.max(high, 5)] } },
    axes: [axis, { ...axis }],
    series: [
      {},
      {
        label: place.dataset.label,
        fill: colour("--bs-link-color"),
        paths: uPlot.paths.bars({ size: [0.7, 40] }),
        points: { show: false },
      },
    ],
  },
  [days.map(([day]) => Date.parse(day) / 1000), days.map(([, count]) => count)],
  place,
);
window.addEventListener("resize", () => chart.setSize({ width: wide(), height: 200 }));
