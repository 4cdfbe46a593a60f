(function () {
  'use strict';
  // Frames carry their place in samples: data-x from the left, data-w wide.
  var svg = document.documentElement;
  var frames = Array.prototype.slice.call(svg.querySelectorAll('g.f'));
  var details = document.getElementById('details');
  var found = document.getElementById('found');
  var reset = document.getElementById('reset');
  var chart = JSON.parse(document.getElementById('frames').getAttribute('data-chart'));
  var pattern = null;

  function number(frame, name) { return Number(frame.getAttribute('data-' + name)); }
  function fullName(frame) { return frame.querySelector('title').textContent; }

  function fit(text, width) {
    var name = text.getAttribute('data-n');
    var letters = Math.floor((width - 6) / chart.letter);
    text.textContent = letters < 3 ? '' : name.length <= letters ? name : name.slice(0, letters - 1) + '\u2026';
  }

  function place(frame, left, span) {
    var x = number(frame, 'x'), w = number(frame, 'w');
    var rect = frame.querySelector('rect'), text = frame.querySelector('text');
    var covers = x <= left && x + w >= left + span;
    var inside = x >= left && x + w <= left + span;
    frame.style.display = covers || inside ? '' : 'none';
    frame.style.opacity = covers && !inside ? '0.6' : '';
    var from = chart.left + (Math.max(x, left) - left) / span * chart.width;
    var width = Math.min(w, span) / span * chart.width;
    rect.setAttribute('x', from.toFixed(2));
    rect.setAttribute('width', Math.max(width, 0.3).toFixed(2));
    text.setAttribute('x', (from + 3).toFixed(2));
    fit(text, width);
  }

  function zoom(left, span) {
    frames.forEach(function (frame) { place(frame, left, span); });
    reset.style.display = span < chart.samples ? '' : 'none';
  }

  function search(words) {
    pattern = words ? words.toLowerCase() : null;
    var spans = [];
    frames.forEach(function (frame) {
      var hit = pattern !== null && fullName(frame).toLowerCase().indexOf(pattern) >= 0;
      frame.querySelector('rect').style.fill = hit ? '#d000d0' : '';
      if (hit) { spans.push([number(frame, 'x'), number(frame, 'x') + number(frame, 'w')]); }
    });
    // A frame inside another hit is not counted twice.
    spans.sort(function (a, b) { return a[0] - b[0] || b[1] - a[1]; });
    var end = 0, sum = 0;
    spans.forEach(function (span) {
      if (span[1] > end) { sum += span[1] - Math.max(end, span[0]); end = span[1]; }
    });
    found.textContent = pattern === null ? '' : 'found: ' + (100 * sum / chart.samples).toFixed(1) + ' %';
  }

  frames.forEach(function (frame) {
    frame.addEventListener('click', function () { zoom(number(frame, 'x'), number(frame, 'w')); });
    frame.addEventListener('mouseover', function () { details.textContent = fullName(frame); });
    frame.addEventListener('mouseout', function () { details.textContent = ''; });
  });
  reset.addEventListener('click', function () { zoom(0, chart.samples); });
  reset.style.display = 'none';
  document.getElementById('search').addEventListener('click', function () {
    search(window.prompt('Search for (part of a name, empty clears):', pattern || ''));
  });
  window.addEventListener('keydown', function (key) {
    if ((key.ctrlKey && key.key === 'f') || key.key === '/') {
      key.preventDefault();
      search(window.prompt('Search for (part of a name, empty clears):', pattern || ''));
    } else if (key.key === 'Escape') {
      search(null);
      zoom(0, chart.samples);
    }
  });
})();
