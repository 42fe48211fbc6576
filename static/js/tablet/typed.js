// What a judge typed → thousandths, or a named refusal. contest/judging/typed.py says the same on the server;
// both are tested with tests/judging/typed_cases.json. Only integers are used, so 0.1 stays a tenth.
const LONGEST = 14;

function normal(text) {
  return text
    .normalize("NFKC")
    .replace(/[。｡]/g, ".")
    .trim();
}

function seconds(text) {
  const match = /^(\d{1,4}):([0-5]\d)(\.\d*)?$/.exec(text);
  return match ? `${parseInt(match[1], 10) * 60 + parseInt(match[2], 10)}${match[3] || ""}` : text;
}

// limits: {low, high, step, decimals, clock}; low, high and step in thousandths, null where there is none.
export function readTyped(typed, limits) {
  if (typed.length > 64) {
    return { error: "too_long" };
  }
  let text = normal(typed);
  if (text === "") {
    return { error: "empty" };
  }
  if (limits.clock) {
    text = seconds(text);
  }
  if (text.length > LONGEST) {
    return { error: "too_long" };
  }
  if (/^[+-]?\d+,\d+$/.test(text)) {
    return { error: "comma" };
  }
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (!match || (!match[2] && !match[3])) {
    return { error: "not_a_number" };
  }
  const fraction = (match[3] || "").replace(/0+$/, "");
  if (fraction.length > limits.decimals) {
    return { error: "too_many_decimals", decimals: limits.decimals };
  }
  const size = parseInt(match[2] || "0", 10) * 1000 + parseInt(fraction.padEnd(3, "0") || "0", 10);
  if (match[1] && size === 0) {
    return { error: "negative_zero" };
  }
  return within(match[1] ? -size : size, limits);
}

function within(milli, limits) {
  if (limits.low !== null && milli < limits.low) {
    return { error: "below", low: shown(limits.low) };
  }
  if (limits.high !== null && milli > limits.high) {
    return { error: "above", high: shown(limits.high) };
  }
  if (limits.step && (milli - (limits.low || 0)) % limits.step !== 0) {
    return { error: "off_step", step: shown(limits.step) };
  }
  return { milli };
}

// Thousandths as people write them: 8500 → "8.5".
export function shown(milli) {
  const sign = milli < 0 ? "-" : "";
  const size = Math.abs(milli);
  const fraction = String(size % 1000).padStart(3, "0").replace(/0+$/, "");
  return sign + String(Math.floor(size / 1000)) + (fraction ? "." + fraction : "");
}
