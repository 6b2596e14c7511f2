"""A fit that is stopped by Ctrl-C or killed goes on to the very bytes of one that was not; threads change no byte either.

    interrupted_fits.py LACUNA CHECKOUT
"""
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = """model line(x: real[N], y: real?[N]) {
  sample a     ~ Normal(0, 10)
  sample b     ~ Normal(0, 10)
  sample sigma ~ HalfNormal(1)
  observe y ~ Normal(a + b * x, sigma)
}
"""
ROWS = 20000
STEPS = "6000"  # long enough to be stopped within, at any speed that this code may reach


def write_inputs(folder):
    (folder / "line.ppl").write_text(PROGRAM)
    lines = ["x,y"]
    for n in range(ROWS):
        x = (n * 7919 % ROWS) / ROWS - 0.5
        lines.append(f"{x:.6f}," + ("" if n % 5 == 0 else f"{0.3 - x + 0.2 * ((n * 104729 % 1000) / 500 - 1):.6f}"))
    (folder / "data.csv").write_text("\n".join(lines) + "\n")


def command(lacuna, folder, output, *more):
    return [lacuna, "fit", folder / "line.ppl", folder / "data.csv", "-o", folder / output, "--steps", STEPS, "--seed", "4", "--draws", "50", "--quiet", *more]


def started(words, checkpoint):
    """A fit that has written its first checkpoint."""
    fit = subprocess.Popen(words)
    while not checkpoint.exists():
        if fit.poll() is not None:
            sys.exit(f"the fit ended before it could be stopped, with {fit.returncode}")
        time.sleep(0.005)
    return fit


def main(lacuna, _):
    wrong = []

    def expect(holds, what):
        if not holds:
            wrong.append(what)

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_inputs(folder)
        for extension in ("lfit", "nc"):
            subprocess.run(command(lacuna, folder, f"whole.{extension}", "--threads", "1"), check=True)
            whole = (folder / f"whole.{extension}").read_bytes()
            subprocess.run(command(lacuna, folder, f"threads.{extension}", "--threads", "4"), check=True)
            expect((folder / f"threads.{extension}").read_bytes() == whole, f"{extension}: four threads give other bytes than one")
            for how, code in ((signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)):
                output = f"{how.name}.{extension}"
                checkpoint = folder / (output + ".checkpoint")
                fit = started(command(lacuna, folder, output, "--checkpoint", "0.05"), checkpoint)
                fit.send_signal(how)
                returned = fit.wait()
                expect(returned == code, f"{output}: exit code {returned}, not {code}")
                expect(not (folder / output).exists(), f"{output}: is there although the fit was stopped")
                expect(checkpoint.exists(), f"{output}: no checkpoint is left")
                resumed = subprocess.run(command(lacuna, folder, output, "--resume"), check=False)
                expect(resumed.returncode == 0, f"{output}: resuming ends with {resumed.returncode}")
                expect(not checkpoint.exists(), f"{output}: the checkpoint is left behind")
                expect((folder / output).exists() and (folder / output).read_bytes() == whole, f"{output}: the resumed fit has other bytes")
        text = (folder / "whole.nc").read_bytes()
        expect(str(folder).encode() not in text, "a path is in the file")
    print("\n".join(wrong) or "all bytes alike")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
