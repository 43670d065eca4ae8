package dev.panoptes.integrity.observed;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.hpack.HpackDecoder;
import org.eclipse.jetty.http2.hpack.HpackException;

/** A server of HTTP/2 on a real port: reads requests whole and writes the frames that it is told to. */
final class FakeHttp2 implements AutoCloseable {
    private static final int PREFACE = 24;

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    private final BiFunction<String, List<byte[]>, List<byte[]>> answers;

    /** @param answers the frames for a path and the messages that were sent to it; the stream's number is filled in */
    FakeHttp2(BiFunction<String, List<byte[]>, List<byte[]>> answers) throws IOException {
        this.answers = answers;
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            serve(new DataInputStream(connection.getInputStream()), connection.getOutputStream());
        } catch (IOException e) {
            // the probe hung up, as it may
        }
    }

    private void serve(DataInputStream in, OutputStream out) throws IOException {
        in.readNBytes(PREFACE);
        out.write(frame(4, 0, 0, new byte[0]));
        HpackDecoder decoder = new HpackDecoder(65_536, System::nanoTime);
        String path = "";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            byte[] head = in.readNBytes(9);
            if (head.length < 9) {
                return;
            }
            byte[] payload = in.readNBytes((head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff));
            int stream = ByteBuffer.wrap(head).getInt(5);
            if (head[3] == 1) {
                path = path(decoder, payload);
                body.reset();
            } else if (head[3] == 0) {
                body.writeBytes(payload);
                if ((head[4] & 1) != 0) {
                    answer(answers.apply(path, messages(body.toByteArray())), stream, out);
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static void answer(List<byte[]> frames, int stream, OutputStream out) throws IOException {
        for (byte[] each : frames) {
            byte[] frame = each.clone();
            if (frame.length >= 9 && ByteBuffer.wrap(frame).getInt(5) == 1) {
                ByteBuffer.wrap(frame).putInt(5, stream);
            }
            out.write(frame);
        }
        out.flush();
    }

    private static String path(HpackDecoder decoder, byte[] block) {
        try {
            MetaData.Request request = (MetaData.Request) decoder.decode(ByteBuffer.wrap(block));
            return request.getHttpURI().getPath();
        } catch (HpackException.SessionException | HpackException.StreamException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<byte[]> messages(byte[] body) {
        List<byte[]> messages = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(body);
        while (buffer.remaining() >= 5) {
            buffer.get();
            byte[] message = new byte[buffer.getInt()];
            buffer.get(message);
            messages.add(message);
        }
        return messages;
    }

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >>> 16))
                .put((byte) (payload.length >>> 8))
                .put((byte) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** A head of status 200 and the type of gRPC, in HPACK without Huffman coding. */
    static byte[] head(boolean last) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x88);
        literal(block, "content-type", "application/grpc");
        return frame(1, last ? 5 : 4, 1, block.toByteArray());
    }

    static byte[] trailers(int status) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        literal(block, "grpc-status", Integer.toString(status));
        return frame(1, 5, 1, block.toByteArray());
    }

    /** Nothing but a status of gRPC. */
    static List<byte[]> refusal(int status) {
        return List.of(head(false), trailers(status));
    }

    static List<byte[]> answer(byte[]... messages) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            body.write(0);
            body.writeBytes(ByteBuffer.allocate(4).putInt(message.length).array());
            body.writeBytes(message);
        }
        return List.of(head(false), frame(0, 0, 1, body.toByteArray()), trailers(0));
    }

    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        for (String text : List.of(name, value)) {
            block.write(text.length());
            block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
