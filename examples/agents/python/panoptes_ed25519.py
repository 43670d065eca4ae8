"""Ed25519 (RFC 8032), for identities that are proved a few times a minute.

Only the standard library is used. It is slow (some milliseconds a signature) and not written for constant time: who can measure
the timing of this process may learn the key. Where that matters, use a library that is made for it.
"""

import hashlib

_P = 2 ** 255 - 19
_ORDER = 2 ** 252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)


def _x(y, odd):
    """The x of a point with this y (RFC 8032, section 5.1.3)."""
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    return _P - x if x & 1 != odd else x


def _add(one, other):
    """Two points in extended coordinates x, y, z, t with x*y = z*t (section 5.1.4)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(scalar, point):
    sum_ = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            sum_ = _add(sum_, point)
        point = _add(point, point)
        scalar >>= 1
    return sum_


_Y = 4 * pow(5, _P - 2, _P) % _P
_BASE = (_x(_Y, 0), _Y, 1, _x(_Y, 0) * _Y % _P)


def _encoded(point):
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, 'little')


def _expanded(seed):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], 'little')
    scalar = (scalar & (2 ** 254 - 8)) | 2 ** 254
    return scalar, digest[32:]


def _number(*parts):
    return int.from_bytes(hashlib.sha512(b''.join(parts)).digest(), 'little') % _ORDER


def public_key(seed):
    """The public key of 32 secret random bytes."""
    return _encoded(_times(_expanded(seed)[0], _BASE))


def sign(seed, message):
    """The signature, 64 bytes, of a message."""
    scalar, prefix = _expanded(seed)
    public = _encoded(_times(scalar, _BASE))
    secret = _number(prefix, message)
    point = _encoded(_times(secret, _BASE))
    return point + ((secret + _number(point, public, message) * scalar) % _ORDER).to_bytes(32, 'little')
