package dev.panoptes.integrity.observed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one HTTP/1.x answer (RFC 9112) and no more of it than a health answer may have. Every length is bounded, whatever
 * the other side claims. The stream bounds the time.
 */
final class HttpAnswerReader {
    static final int LONGEST_BODY = 64 << 10;
    static final String HTTP_2 =
            "does not speak HTTP/1, but HTTP/2, perhaps gRPC: its URL should begin with grpc://, or its protocol be grpc";

    private static final int LONGEST_HEAD = 16 << 10;
    private static final int LONGEST_CHUNK_LINE = 1_024;
    private static final int MOST_INTERIM_ANSWERS = 4;
    private static final int LONGEST_QUOTE = 200;
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.\\d [1-5]\\d\\d(?: .*)?");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
    private static final Pattern SHORT = Pattern.compile("\\d{1,3}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9a-fA-F]{1,15}");
    private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");
    private static final Map<String, String> GREETINGS = Map.of(
            "SSH-", "SSH",
            "220 ", "FTP or SMTP",
            "220-", "FTP or SMTP",
            "-ERR ", "Redis",
            "INFO {", "NATS: its URL should begin with nats://",
            "RFB ", "VNC",
            "* OK", "IMAP",
            "+OK", "POP3",
            "AMQP", "AMQP: its URL should begin with amqp://");

    private final InputStream in;
    private final Predicate<byte[]> enough;
    private final byte[] buffer = new byte[2 << 10];
    private int at;
    private int end;
    private int headRead;

    HttpAnswerReader(InputStream in) {
        this(in, _ -> false);
    }

    /** @param enough told what has come of a body without an announced length; once it agrees, the rest is not waited for */
    HttpAnswerReader(InputStream in, Predicate<byte[]> enough) {
        this.in = in;
        this.enough = enough;
    }

    /** Ends the reading with what is wrong. Never leaves this class. */
    private static final class BrokenException extends Exception {
        private static final long serialVersionUID = 1L;

        BrokenException(String reason) {
            super(reason, null, false, false);
        }
    }

    /** @throws IOException where the connection fails or times out */
    HttpAnswer read() throws IOException {
        @Nullable Integer status = null;
        try {
            for (int interim = 0; ; interim++) {
                status = status(line(LONGEST_HEAD));
                Map<String, String> fields = fields();
                if (status >= 200 || status == 101) {
                    boolean read = status / 100 == 2 || (status == 400 && isShort(fields));
                    return new HttpAnswer.Whole(status, fields, read ? body(status, fields) : new byte[0]);
                }
                if (interim == MOST_INTERIM_ANSWERS) {
                    throw new BrokenException("sends interim answers without end");
                }
            }
        } catch (BrokenException e) {
            return new HttpAnswer.Broken(status, String.valueOf(e.getMessage()));
        }
    }

    private static int status(String line) throws BrokenException {
        if (!STATUS_LINE.matcher(line).matches()) {
            throw new BrokenException(protocol(line));
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    /** A refusal may say why in a few words, such as that HTTPS is spoken there. */
    private static boolean isShort(Map<String, String> fields) {
        return !fields.containsKey("transfer-encoding")
                && !fields.containsKey("content-encoding")
                && SHORT.matcher(fields.getOrDefault("content-length", "")).matches();
    }

    /** What speaks first, or answers HTTP in its own words. */
    private static String protocol(String line) {
        if (line.startsWith("\u0015\u0003") || line.startsWith("\u0016\u0003")) {
            return "speaks TLS, not HTTP: its URL should begin with https://";
        }
        for (Map.Entry<String, String> greeting : GREETINGS.entrySet()) {
            if (line.startsWith(greeting.getKey())) {
                return "does not speak HTTP, but " + greeting.getValue();
            }
        }
        return "does not speak HTTP";
    }

    private Map<String, String> fields() throws IOException, BrokenException {
        Map<String, String> fields = new HashMap<>();
        for (String line = line(LONGEST_HEAD); !line.isEmpty(); line = line(LONGEST_HEAD)) {
            int colon = line.indexOf(':');
            if (colon <= 0
                    || Character.isWhitespace(line.charAt(0))
                    || Character.isWhitespace(line.charAt(colon - 1))) {
                throw new BrokenException("sends a malformed header field");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            String before = fields.putIfAbsent(name, value);
            boolean decides = name.equals("content-length") || name.equals("transfer-encoding");
            if (before != null && decides && !before.equals(value)) {
                throw new BrokenException("sends contradicting " + name + " fields");
            }
        }
        return fields;
    }

    private byte[] body(int status, Map<String, String> fields) throws IOException, BrokenException {
        String encoding = fields.getOrDefault("content-encoding", "identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            throw new BrokenException("sends an answer encoded as " + quote(encoding) + " that was not asked for");
        }
        String transfer = fields.get("transfer-encoding");
        String length = fields.get("content-length");
        if (status == 204 || status == 205) {
            return new byte[0];
        }
        if (transfer != null && length != null) {
            throw new BrokenException("sends both Content-Length and Transfer-Encoding");
        }
        if (transfer != null) {
            if (!transfer.equalsIgnoreCase("chunked")) {
                throw new BrokenException("sends the transfer encoding " + quote(transfer));
            }
            return chunks();
        }
        return length == null ? untilClosed() : exactly(length(length));
    }

    private static int length(String text) throws BrokenException {
        if (!LENGTH.matcher(text).matches()) {
            throw new BrokenException("sends the Content-Length " + quote(text));
        }
        long length = Long.parseLong(text);
        if (length > LONGEST_BODY) {
            throw new BrokenException("announces an answer of " + length + " bytes, more than 64 KiB");
        }
        return (int) length;
    }

    private byte[] exactly(int length) throws IOException, BrokenException {
        byte[] body = new byte[length];
        int filled = 0;
        while (filled < length) {
            if (!fill()) {
                throw new BrokenException("announces " + length + " bytes and ends after " + filled);
            }
            int count = Math.min(end - at, length - filled);
            System.arraycopy(buffer, at, body, filled, count);
            at += count;
            filled += count;
        }
        return body;
    }

    private byte[] untilClosed() throws IOException, BrokenException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (fill()) {
            body.write(buffer, at, end - at);
            at = end;
            bounded(body.size());
            if (enough.test(body.toByteArray())) {
                break;
            }
        }
        return body.toByteArray();
    }

    private byte[] chunks() throws IOException, BrokenException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String line = chunkLine();
            int semicolon = line.indexOf(';');
            String size = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
            if (!CHUNK_SIZE.matcher(size).matches()) {
                throw new BrokenException("sends a malformed chunk");
            }
            long count = Long.parseLong(size, 16);
            if (count == 0) {
                return body.toByteArray();
            }
            bounded(body.size() + count);
            body.writeBytes(exactly((int) count));
            if (!chunkLine().isEmpty()) {
                throw new BrokenException("sends a malformed chunk");
            }
            if (enough.test(body.toByteArray())) {
                return body.toByteArray();
            }
        }
    }

    private static void bounded(long size) throws BrokenException {
        if (size > LONGEST_BODY) {
            throw new BrokenException("sends more than 64 KiB");
        }
    }

    /** Chunk lines do not count as head: there may be one for every byte of the body. */
    private String chunkLine() throws IOException, BrokenException {
        headRead = 0;
        return line(LONGEST_CHUNK_LINE);
    }

    /** A line without its end. */
    private String line(int longest) throws IOException, BrokenException {
        String before = "";
        while (true) {
            if (!fill()) {
                throw new BrokenException(
                        headRead == 0 ? "closes the connection without an answer" : "ends within its header");
            }
            if (headRead == 0 && isSettings()) {
                throw new BrokenException(HTTP_2);
            }
            int start = at;
            int most = Math.min(end, start + longest - headRead);
            while (at < most && buffer[at] != '\n') {
                at++;
            }
            if (at == most && most < end) {
                throw new BrokenException("sends a header of more than " + (longest >> 10) + " KiB");
            }
            String part = new String(buffer, start, at - start, StandardCharsets.ISO_8859_1);
            String line = before.isEmpty() ? part : before + part;
            if (at < end) {
                at++;
                headRead += at - start;
                return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            }
            headRead += at - start;
            before = line;
        }
    }

    /** A server of HTTP/2 begins with a frame of settings (RFC 9113, 3.4), whatever it was asked. */
    private boolean isSettings() {
        return end - at >= 4 && buffer[at] == 0 && buffer[at + 1] == 0 && buffer[at + 3] == 4;
    }

    /** True where there is something to take. */
    private boolean fill() throws IOException {
        if (at < end) {
            return true;
        }
        int read = in.read(buffer, 0, buffer.length);
        at = 0;
        end = Math.max(read, 0);
        return read > 0;
    }

    /** Foreign text in a reason: short, and nothing that moves a terminal. */
    static String quote(String foreign) {
        String plain = UNPRINTABLE
                .matcher(new String(foreign.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.US_ASCII))
                .replaceAll("?");
        return plain.length() > LONGEST_QUOTE ? plain.substring(0, LONGEST_QUOTE) + "..." : plain;
    }
}
