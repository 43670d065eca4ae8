package dev.panoptes.sensors.snmp;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/** Reads the part of the basic encoding rules that SNMP uses (RFC 3417 section 8). Whatever is not that throws {@link Broken}. */
final class Ber {
    static final int INTEGER = 0x02;
    static final int OCTETS = 0x04;
    static final int NULL = 0x05;
    static final int OID = 0x06;
    static final int SEQUENCE = 0x30;
    private static final int MOST_ARCS = 128;

    private final byte[] data;
    private final int end;
    private int at;

    /** What stands here is no message. */
    static final class Broken extends Exception {
        private static final long serialVersionUID = 1;

        Broken(String reason) {
            super(reason, null, false, false);
        }
    }

    Ber(byte[] data, int at, int end) {
        this.data = data;
        this.at = at;
        this.end = end;
    }

    boolean isEmpty() {
        return at >= end;
    }

    int position() {
        return at;
    }

    int end() {
        return end;
    }

    byte[] data() {
        return data;
    }

    /** The tag of the next element. */
    int tag() throws Broken {
        if (at >= end) {
            throw new Broken("it ends too early");
        }
        return data[at] & 0xff;
    }

    /** The contents of the next element, whatever its tag. */
    Ber element() throws Broken {
        if (end - at < 2) {
            throw new Broken("it ends too early");
        }
        int length = data[at + 1] & 0xff;
        int start = at + 2;
        if (length >= 0x80) {
            int octets = length & 0x7f;
            if (octets == 0 || octets > 4 || end - start < octets) {
                throw new Broken("a length is written in " + octets + " octets");
            }
            long value = 0;
            for (int i = 0; i < octets; i++) {
                value = value << 8 | (data[start + i] & 0xff);
            }
            start += octets;
            if (value > end - start) {
                throw new Broken("a length goes beyond the end");
            }
            length = (int) value;
        }
        if (length > end - start) {
            throw new Broken("a length goes beyond the end");
        }
        at = start + length;
        return new Ber(data, start, at);
    }

    Ber element(int tag) throws Broken {
        if (tag() != tag) {
            throw new Broken("an element has another tag");
        }
        return element();
    }

    long integer() throws Broken {
        return element(INTEGER).number();
    }

    byte[] octets() throws Broken {
        return element(OCTETS).rest();
    }

    /** What is left of this element. */
    byte[] rest() {
        return Arrays.copyOfRange(data, at, end);
    }

    /** This element as a signed number. */
    long number() throws Broken {
        if (end == at || end - at > 8) {
            throw new Broken("a number has " + (end - at) + " octets");
        }
        long value = data[at];
        for (int i = at + 1; i < end; i++) {
            value = value << 8 | (data[i] & 0xff);
        }
        return value;
    }

    /** This element as a number without sign: counters, gauges and ticks. */
    BigInteger unsigned() throws Broken {
        if (end == at || end - at > 9) {
            throw new Broken("a number has " + (end - at) + " octets");
        }
        return new BigInteger(1, data, at, end - at);
    }

    /** This element as an object identifier, without a dot before it. */
    String oid() throws Broken {
        StringBuilder text = new StringBuilder(32);
        int place = at;
        int arcs = 0;
        if (end == at) {
            return "0.0";
        }
        while (place < end) {
            long arc = 0;
            int octet;
            do {
                if (place >= end || arc > 0xffff_ffffL) {
                    throw new Broken("an object identifier is cut");
                }
                octet = data[place++] & 0xff;
                arc = arc << 7 | (octet & 0x7f);
            } while ((octet & 0x80) != 0);
            if (arcs++ > MOST_ARCS) {
                throw new Broken("an object identifier has too many parts");
            }
            if (arcs == 1) {
                long first = Math.min(2, arc / 40);
                text.append(first).append('.').append(arc - first * 40);
            } else {
                text.append('.').append(arc);
            }
        }
        return text.toString();
    }

    /** One element for a message that is sent. */
    static byte[] encode(int tag, byte[]... contents) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        for (byte[] content : contents) {
            inner.writeBytes(content);
        }
        int length = inner.size();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(inner.toByteArray());
        return out.toByteArray();
    }

    static byte[] encodeInteger(long value) {
        return encode(INTEGER, BigInteger.valueOf(value).toByteArray());
    }
}
