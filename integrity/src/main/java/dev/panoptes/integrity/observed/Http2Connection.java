package dev.panoptes.integrity.observed;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackEncoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/**
 * The client's side of HTTP/2 with prior knowledge (RFC 9113), one request after another over one connection. What comes is
 * bounded in length and number of frames, whatever the other side sends; the stream below bounds the time. For one thread.
 */
final class Http2Connection {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LARGEST_FRAME = 16_384;
    private static final int LONGEST_HEAD = 64 << 10;
    private static final int LONGEST_BODY = 1 << 20;
    private static final int MOST_FRAMES = 4_000;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;

    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;

    private final InputStream in;
    private final OutputStream out;
    private final HpackEncoder encoder = new HpackEncoder();
    private final HpackDecoder decoder = new HpackDecoder(LONGEST_HEAD, System::nanoTime);
    private int stream = -1;
    private int frames;

    /**
     * What answered one request.
     *
     * @param fields by lower-case name, of the head and of the trailers
     */
    @SuppressWarnings("ArrayRecordComponent") // written once, read once
    record Answer(int status, Map<String, String> fields, byte[] body) {
        Answer {
            fields = Map.copyOf(fields);
        }
    }

    /** The other side does not speak HTTP/2, or breaks its rules. The message follows "the health endpoint". */
    static final class ProtocolException extends IOException {
        private static final long serialVersionUID = 1L;

        ProtocolException(String reason) {
            super(reason);
        }
    }

    private record Frame(int type, int flags, int stream, byte[] payload) {}

    /** The preface is sent with the first request. */
    Http2Connection(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
        // No dynamic table: the other side may allow none.
        encoder.setMaxTableCapacity(0);
        encoder.setTableCapacity(0);
    }

    /** @throws IOException where the connection fails, times out or is no HTTP/2 */
    Answer post(HttpURI uri, HttpFields fields, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        boolean first = stream < 0;
        stream += 2;
        if (first) {
            request.write(PREFACE);
            // SETTINGS_ENABLE_PUSH 0 (RFC 9113, 6.5.2).
            frame(request, SETTINGS, 0, 0, new byte[] {0, 2, 0, 0, 0, 0});
        }
        frame(request, HEADERS, END_HEADERS, stream, head(uri, fields));
        for (int at = 0; at == 0 || at < body.length; at += LARGEST_FRAME) {
            int length = Math.min(LARGEST_FRAME, body.length - at);
            byte[] part = new byte[length];
            System.arraycopy(body, at, part, 0, length);
            frame(request, DATA, at + length >= body.length ? END_STREAM : 0, stream, part);
        }
        out.write(request.toByteArray());
        out.flush();
        return answer();
    }

    private byte[] head(HttpURI uri, HttpFields fields) {
        ByteBuffer buffer = ByteBuffer.allocate(LARGEST_FRAME);
        try {
            encoder.encode(buffer, new MetaData.Request("POST", uri, HttpVersion.HTTP_2, fields));
        } catch (HpackException e) {
            throw new IllegalStateException("a head that cannot be encoded", e);
        }
        byte[] head = new byte[buffer.position()];
        buffer.flip().get(head);
        return head;
    }

    private static void frame(ByteArrayOutputStream into, int type, int flags, int stream, byte[] payload)
            throws IOException {
        into.write(payload.length >>> 16);
        into.write(payload.length >>> 8);
        into.write(payload.length);
        into.write(type);
        into.write(flags);
        into.write(ByteBuffer.allocate(4).putInt(stream).array());
        into.write(payload);
    }

    private void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        frame(one, type, flags, stream, payload);
        out.write(one.toByteArray());
        out.flush();
    }

    private Answer answer() throws IOException {
        int status = 0;
        Map<String, String> fields = new HashMap<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            Frame frame = next();
            boolean own = frame.stream == stream;
            switch (frame.type) {
                case HEADERS -> {
                    MetaData head = decoded(frame);
                    if (own) {
                        status = head instanceof MetaData.Response response ? response.getStatus() : status;
                        head.getHttpFields()
                                .forEach(field -> fields.put(
                                        field.getName().toLowerCase(Locale.ROOT), String.valueOf(field.getValue())));
                    }
                }
                case DATA -> {
                    if (own) {
                        body.writeBytes(unpadded(frame, 0));
                    }
                    if (body.size() > LONGEST_BODY) {
                        throw new ProtocolException("answers with more than 1 MiB");
                    }
                    if (frame.payload.length > 0) {
                        byte[] more = ByteBuffer.allocate(4)
                                .putInt(frame.payload.length)
                                .array();
                        send(WINDOW_UPDATE, 0, 0, more);
                        if (own && (frame.flags & END_STREAM) == 0) {
                            send(WINDOW_UPDATE, 0, stream, more);
                        }
                    }
                }
                case RST_STREAM -> {
                    // A server that has answered may tell us to send no more (RFC 9113, 8.1).
                    if (own) {
                        throw new ProtocolException("resets the stream of HTTP/2 (error " + code(frame, 0) + ")");
                    }
                }
                case GOAWAY -> {
                    if (frame.payload.length >= 8 && code(frame, 0) < stream) {
                        throw new ProtocolException("ends the connection of HTTP/2 (error " + code(frame, 4) + ")");
                    }
                }
                case PUSH_PROMISE -> throw new ProtocolException("breaks the rules of HTTP/2: it pushes unasked");
                default -> control(frame);
            }
            boolean ends = frame.type == HEADERS || frame.type == DATA;
            if (own && ends && (frame.flags & END_STREAM) != 0) {
                return new Answer(status, fields, body.toByteArray());
            }
        }
    }

    private void control(Frame frame) throws IOException {
        if ((frame.flags & ACK) == 0 && (frame.type == SETTINGS || frame.type == PING)) {
            send(frame.type, ACK, 0, frame.type == PING ? frame.payload : new byte[0]);
        }
    }

    private static int code(Frame frame, int at) {
        return frame.payload.length < at + 4
                ? 0
                : ByteBuffer.wrap(frame.payload).getInt(at) & 0x7fff_ffff;
    }

    private MetaData decoded(Frame first) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(unpadded(first, (first.flags & PRIORITY) == 0 ? 0 : 5));
        Frame last = first;
        while ((last.flags & END_HEADERS) == 0) {
            last = next();
            if (last.type != CONTINUATION || last.stream != first.stream) {
                throw new ProtocolException("breaks the rules of HTTP/2: a head is not continued");
            }
            block.writeBytes(last.payload);
            if (block.size() > LONGEST_HEAD) {
                throw new ProtocolException("answers with a head of more than 64 KiB");
            }
        }
        try {
            return decoder.decode(ByteBuffer.wrap(block.toByteArray()));
        } catch (HpackException.SessionException | HpackException.StreamException e) {
            throw new ProtocolException("breaks the rules of HTTP/2: its head cannot be read");
        }
    }

    private static byte[] unpadded(Frame frame, int skipped) throws ProtocolException {
        boolean padded = (frame.flags & PADDED) != 0;
        int begin = (padded ? 1 : 0) + skipped;
        int padding = padded && frame.payload.length > 0 ? frame.payload[0] & 0xff : 0;
        int length = frame.payload.length - begin - padding;
        if (length < 0) {
            throw new ProtocolException("breaks the rules of HTTP/2: a frame is shorter than its padding");
        }
        byte[] content = new byte[length];
        System.arraycopy(frame.payload, begin, content, 0, length);
        return content;
    }

    private Frame next() throws IOException {
        if (++frames > MOST_FRAMES) {
            throw new ProtocolException("sends frames of HTTP/2 without end");
        }
        byte[] head = read(9);
        if (new String(head, StandardCharsets.ISO_8859_1).startsWith("HTTP/1.")) {
            throw new ProtocolException("speaks HTTP/1 only, so it is no server of gRPC");
        }
        int length = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
        int type = head[3] & 0xff;
        if (length > LARGEST_FRAME || (frames == 1 && type != SETTINGS)) {
            throw new ProtocolException("does not speak HTTP/2, so it is no server of gRPC");
        }
        return new Frame(type, head[4] & 0xff, ByteBuffer.wrap(head).getInt(5) & 0x7fff_ffff, read(length));
    }

    private byte[] read(int length) throws IOException {
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length) {
            int read = in.read(bytes, at, length - at);
            if (read < 0) {
                throw new EOFException("it closed the connection");
            }
            at += read;
        }
        return bytes;
    }
}
