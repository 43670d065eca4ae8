package dev.panoptes.server.telemetry;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.EventTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The bytes of a batch to its header and its events; pure. */
final class BatchReader {
    /** Of a batch when it is unpacked. */
    static final int MOST_BYTES = 32 << 20;

    private static final int GZIP_BUFFER = 64 << 10;
    private static final int DEEPEST = 32;
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(64)
                            .maxNameLength(512)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .build();

    private BatchReader() {}

    /** What bytes were. */
    sealed interface Result {
        /** The header is one; what follows is looked at when the batch is read. */
        record Opened(Batch batch) implements Result {}

        /** @param reason one sentence without a full stop */
        record Refused(String reason) implements Result {}

        record TooLarge() implements Result {}
    }

    /** A batch whose header was read. Holds no event: of a large one there is never more than one at a time. */
    static final class Batch {
        private final BatchHeader header;
        private final byte[] bytes;
        private final int begin;

        private Batch(BatchHeader header, byte[] bytes, int begin) {
            this.header = header;
            this.bytes = bytes;
            this.begin = begin;
        }

        BatchHeader header() {
            return header;
        }

        /** How many bytes it has. */
        int size() {
            return bytes.length;
        }

        /**
         * Hands out each event, in order, up to the first that is none. May be called again.
         *
         * @return why it is no batch, in one sentence without a full stop; null where it is one
         */
        @Nullable
        String each(Consumer<SentEvent> taker) {
            int count = 0;
            int end;
            for (int at = begin; at < bytes.length; at = end + 1) {
                end = Utf8.lineEnd(bytes, at);
                if (end == at) {
                    continue;
                }
                if (count == header.count()) {
                    return "more events follow than count says";
                }
                SentEvent event = event(header.first() + count, bytes, at, end);
                count++;
                if (event == null) {
                    return "event " + count + " is no event";
                }
                taker.accept(event);
            }
            return count == header.count() ? null : "fewer events follow than count says";
        }
    }

    static Result open(byte[] body, boolean gzip) {
        byte[] bytes = body;
        if (gzip) {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body), GZIP_BUFFER)) {
                bytes = in.readNBytes(MOST_BYTES + 1);
            } catch (IOException e) {
                return new Result.Refused("the body is not gzip");
            }
        }
        if (bytes.length > MOST_BYTES) {
            return new Result.TooLarge();
        }
        return parse(bytes);
    }

    private static Result parse(byte[] bytes) {
        if (!Utf8.isValid(bytes)) {
            return new Result.Refused("the body is not valid UTF-8");
        }
        int end = Utf8.lineEnd(bytes, 0);
        BatchHeader header;
        try {
            Event first = read(bytes, 0, end);
            if (first == null) {
                return new Result.Refused("the first line is no strict JSON object");
            }
            header = BatchHeader.of(first);
        } catch (JacksonException e) {
            return new Result.Refused("the first line is no strict JSON object");
        } catch (IllegalArgumentException e) {
            return new Result.Refused(String.valueOf(e.getMessage()));
        }
        return new Result.Opened(new Batch(header, bytes, end + 1));
    }

    /** Null for what is no strict JSON object, or has a time that is none. */
    private static @Nullable SentEvent event(long number, byte[] bytes, int from, int to) {
        try {
            Event event = read(bytes, from, to - from);
            if (event == null) {
                return null;
            }
            Instant at = event.timestamp();
            if (at == null ? event.text("@timestamp") != null : at.isBefore(EARLIEST) || at.isAfter(LATEST)) {
                return null;
            }
            return new SentEvent(number, at, event, bytes, from, to);
        } catch (JacksonException e) {
            return null;
        }
    }

    /** Null where it is no object, a key stands twice or something follows it. */
    private static @Nullable Event read(byte[] bytes, int from, int length) {
        try (JsonParser parser = JSON.createParser(bytes, from, length)) {
            return EventTree.read(parser, true);
        }
    }
}
