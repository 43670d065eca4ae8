package dev.panoptes.server.telemetry;

import dev.panoptes.core.event.Event;
import dev.panoptes.detection.EventTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
        record Read(BatchHeader header, List<SentEvent> events) implements Result {
            public Read {
                events = List.copyOf(events);
            }
        }

        /** @param reason one sentence without a full stop */
        record Refused(String reason) implements Result {}

        record TooLarge() implements Result {}
    }

    static Result read(byte[] body, boolean gzip) {
        byte[] bytes = body;
        if (gzip) {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
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
        if (!isText(bytes)) {
            return new Result.Refused("the body is not valid UTF-8");
        }
        int end = end(bytes, 0);
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
        List<SentEvent> events = new ArrayList<>(Math.min(header.count(), 65_536));
        for (int at = end + 1; at < bytes.length; at = end + 1) {
            end = end(bytes, at);
            if (end == at) {
                continue;
            }
            if (events.size() == header.count()) {
                return new Result.Refused("more events follow than count says");
            }
            SentEvent event = event(header.first() + events.size(), bytes, at, end);
            if (event == null) {
                return new Result.Refused("event " + (events.size() + 1) + " is no event");
            }
            events.add(event);
        }
        return events.size() == header.count()
                ? new Result.Read(header, events)
                : new Result.Refused("fewer events follow than count says");
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
            return new SentEvent(number, at, event, Arrays.copyOfRange(bytes, from, to));
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

    private static int end(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private static boolean isText(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)) != null;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
