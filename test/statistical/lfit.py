"""Fits of the compact format whose draws are put in place of those of inference, so that a prediction can be compared with a closed
form whatever the guide. The layout is told in runtime/io/lfit.cpp."""
import struct


def checksum(data):
    """FNV-1a over 8-byte words, the last filled with zeros, as runtime/io/bytes.h has it."""
    mask, value = (1 << 64) - 1, 0xCBF29CE484222325
    for (word,) in struct.iter_unpack("<Q", data[:len(data) // 8 * 8]):
        value = (value ^ word) * 0x100000001B3 & mask
        value ^= value >> 29
    word = int.from_bytes(data[len(data) // 8 * 8:], "little")
    value = (value ^ word ^ len(data)) * 0x9E3779B97F4A7C15 & mask
    return value ^ (value >> 32)


def replace_draws(path, rows):
    """Writes `rows`, one list of draws for each latent value in the order of the program, over those of the fit at `path`."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    front = 24 + 24  # the name with its length; format, size of the header, its checksum
    end = front + struct.unpack_from("<q", data, 32)[0]
    rest = (end + 8 + 63) // 64 * 64
    draws = len(rows[0])
    if len(data) != rest + (len(rows) + 2) * draws * 8:
        raise ValueError(f"{path} has not {len(rows)} values of {draws} draws")
    for i, row in enumerate(rows):
        struct.pack_into(f"<{draws}d", data, rest + i * draws * 8, *row)
    struct.pack_into("<Q", data, end, checksum(bytes(data[rest:])))
    with open(path, "wb") as file:
        file.write(data)
