// A signature drawn with a finger, a pen or the mouse: strokes as an SVG path on a field of 600 × 200.
const WIDTH = 600;
const HEIGHT = 200;
const MOST = 20000;

export class Pad {
  constructor(element) {
    this.canvas = element.querySelector("canvas");
    this.canvas.width = WIDTH;
    this.canvas.height = HEIGHT;
    this.strokes = [];
    this.isDown = false;
    element.hidden = false;
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.go(event));
    ["pointerup", "pointercancel"].forEach((name) => this.canvas.addEventListener(name, () => (this.isDown = false)));
    element.querySelector("[data-pad-clear]").addEventListener("click", () => this.clear());
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = Math.round(((event.clientX - box.left) / box.width) * WIDTH);
    const y = Math.round(((event.clientY - box.top) / box.height) * HEIGHT);
    return [Math.min(WIDTH, Math.max(0, x)), Math.min(HEIGHT, Math.max(0, y))];
  }

  begin(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.isDown = true;
    this.strokes.push([this.point(event)]);
  }

  go(event) {
    if (this.isDown && this.path().length < MOST - 16) {
      event.preventDefault();
      const stroke = this.strokes[this.strokes.length - 1];
      const last = stroke[stroke.length - 1];
      const next = this.point(event);
      if (Math.abs(next[0] - last[0]) + Math.abs(next[1] - last[1]) >= 3) {
        stroke.push(next);
        this.draw();
      }
    }
  }

  clear() {
    this.strokes = [];
    this.draw();
  }

  get isEmpty() {
    return this.strokes.reduce((count, stroke) => count + stroke.length, 0) < 5;
  }

  path() {
    return this.strokes.map((stroke) => stroke.map(([x, y], n) => `${n ? "L" : "M"}${x} ${y}`).join("")).join("");
  }

  draw() {
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    pen.lineWidth = 4;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = getComputedStyle(this.canvas).color;
    for (const stroke of this.strokes) {
      pen.beginPath();
      stroke.forEach(([x, y], n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      pen.stroke();
    }
  }
}
