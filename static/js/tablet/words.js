// The page brings its sentences in the judge's language: <div id="words" data-words='{"key": "… {n} …"}'>.
let words = null;

export function word(key, params = {}) {
  if (words === null) {
    const holder = document.getElementById("words");
    words = holder ? JSON.parse(holder.dataset.words) : {};
  }
  const text = words[key] || key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}
