// Shows the volumes of the page in one canvas: a subject at a time, with reference, prediction, or both over its image.
(function () {
  'use strict';
  const box = document.getElementById('viewer');
  const byId = (id) => document.getElementById(id);
  const pick = byId('viewer-pick'), reference = byId('viewer-reference'), prediction = byId('viewer-prediction'), said = byId('viewer-said');
  let view = null;

  // a colour for each class; neighbours differ by the golden angle
  function colours(classes) {
    const map = { R: [0], G: [0], B: [0], A: [0], I: [0], labels: ['background'] };
    classes.forEach((name, i) => {
      const hue = ((i * 137.508) % 360) / 60, x = 1 - Math.abs((hue % 2) - 1);
      const rgb = [[1, x, 0], [x, 1, 0], [0, 1, x], [0, x, 1], [x, 0, 1], [1, 0, x]][Math.floor(hue)];
      map.R.push(Math.round(70 + 185 * rgb[0]));
      map.G.push(Math.round(70 + 185 * rgb[1]));
      map.B.push(Math.round(70 + 185 * rgb[2]));
      map.A.push(255);
      map.I.push(i + 1);
      map.labels.push(name);
    });
    return map;
  }

  function name(map) {
    const key = byId('viewer-key');
    key.textContent = '';
    map.labels.slice(1).forEach((label, i) => {
      const entry = document.createElement('span'), patch = document.createElement('i');
      patch.style.background = `rgb(${map.R[i + 1]}, ${map.G[i + 1]}, ${map.B[i + 1]})`;
      entry.append(patch, label);
      key.append(entry);
    });
  }

  const load = (id, more) =>
    niivue.NVImage.loadFromBase64(Object.assign({ base64: byId(id).textContent.trim(), name: id + '.nii.gz', colorbarVisible: false }, more));

  function fade() {
    if (!view || view.volumes.length < 3) return;
    view.setOpacity(1, reference.checked ? 0.5 : 0);
    view.setOpacity(2, prediction.checked ? 0.5 : 0);
  }

  async function show() {
    said.textContent = 'opening…';
    if (!view) {
      view = new niivue.Niivue({ backColor: [0, 0, 0, 1], show3Dcrosshair: true, crosshairWidth: 0.4, isResizeCanvas: true, logLevel: 'error' });
      await view.attachToCanvas(byId('viewer-canvas'));
      view.onLocationChange = (at) => { said.textContent = at.string; };
    }
    view.volumes.slice().forEach((volume) => view.removeVolume(volume));
    const [image, first, second, names] = pick.value.split(' ');
    const map = colours(JSON.parse(byId(names).textContent));
    view.addVolume(await load(image, { colormap: 'gray' }));
    for (const id of [first, second]) {
      const labels = await load(id, { opacity: 0.5 });
      labels.setColormapLabel(map);
      view.addVolume(labels);
    }
    view.setInterpolation(true);
    fade();
    name(map);
    said.textContent = '';
    box.dataset.shown = pick.value;
  }

  const tell = (error) => { said.textContent = 'The volumes cannot be shown here: ' + error.message; };
  box.hidden = false;
  byId('viewer-open').addEventListener('click', () => {
    byId('viewer-stage').hidden = false;
    byId('viewer-open').hidden = true;
    show().catch(tell);
  });
  pick.addEventListener('change', () => show().catch(tell));
  [reference, prediction].forEach((choice) => choice.addEventListener('change', fade));
})();
