package dev.panoptes.integrity.observed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a container engine over its Unix socket. Only {@code GET} is ever sent, so that looking changes nothing. The JDK's HTTP
 * client speaks no Unix sockets; with HTTP/1.0 the answer ends where the connection does, and nothing of HTTP is left to read
 * but the first line.
 */
final class EngineSocket {
    private static final int LARGEST = 32 << 20;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(4 << 20)
                            .maxDocumentLength(LARGEST)
                            .build())
                    .build())
            .build();

    private final Path socket;

    EngineSocket(Path socket) {
        this.socket = socket;
    }

    /**
     * What the engine answers.
     *
     * @param path with its query, such as {@code /containers/json?all=1}
     * @throws IOException where it does not answer, answers with another status than 200, or with no JSON; the message says so
     */
    JsonNode get(String path) throws IOException {
        byte[] answer = exchange(path);
        int end = headEnd(answer);
        String head = new String(answer, 0, Math.max(end, 0), StandardCharsets.ISO_8859_1);
        if (end < 0 || !head.startsWith("HTTP/1.")) {
            throw new IOException("it does not answer as a container engine does");
        }
        String status = head.lines().findFirst().orElse("");
        if (!status.matches("HTTP/1\\.[01] 200(?: .*)?")) {
            throw new IOException("it answers " + HttpAnswerReader.quote(status));
        }
        try {
            return JSON.readTree(answer, end, answer.length - end);
        } catch (JacksonException e) {
            throw new IOException("its answer is not readable JSON", e);
        }
    }

    private byte[] exchange(String path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer request =
                    ByteBuffer.wrap(("GET " + path + " HTTP/1.0\r\nHost: engine\r\nAccept: application/json\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
            while (channel.read(buffer) >= 0) {
                answer.write(buffer.array(), 0, buffer.position());
                buffer.clear();
                if (answer.size() > LARGEST) {
                    throw new IOException("its answer is larger than 32 MiB");
                }
            }
            return answer.toByteArray();
        }
    }

    /** Where the body begins; -1 where the head does not end. */
    private static int headEnd(byte[] answer) {
        for (int i = 3; i < answer.length; i++) {
            if (answer[i] == '\n' && answer[i - 1] == '\r' && answer[i - 2] == '\n' && answer[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }
}
