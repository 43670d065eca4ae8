package dev.panoptes.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a call is answered with. */
public sealed interface Response {
    int status();

    Map<String, String> headers();

    /** The same with one more header. */
    Response header(String name, String value);

    /** A whole answer. */
    record Whole(int status, String contentType, byte[] body, Map<String, String> headers) implements Response {
        public Whole {
            headers = Map.copyOf(headers);
        }

        @Override
        public Response header(String name, String value) {
            return new Whole(status, contentType, body, with(headers, name, value));
        }
    }

    /**
     * An answer that is written while it comes to be, such as server-sent events. Its writer runs on the virtual thread of
     * the call, may block, and is interrupted when the server stops.
     */
    record Streamed(int status, String contentType, Writer writer, Map<String, String> headers) implements Response {
        public Streamed {
            headers = Map.copyOf(headers);
        }

        @Override
        public Response header(String name, String value) {
            return new Streamed(status, contentType, writer, with(headers, name, value));
        }
    }

    /** Writes until it is done, the caller is gone (IOException) or the server stops. */
    interface Writer {
        void write(OutputStream out) throws IOException, InterruptedException;

        /** Called instead where only the head was asked for: gives back what was taken for writing. */
        default void headOnly() {}
    }

    String JSON = "application/json";

    /** A record or map as JSON, status 200. */
    static Response json(Object body) {
        return json(200, body);
    }

    static Response json(int status, Object body) {
        return new Whole(status, JSON, Json.write(body), Map.of());
    }

    /** JSON that is at hand as bytes. */
    static Response jsonBytes(byte[] body) {
        return new Whole(200, JSON, body, Map.of());
    }

    static Response text(String contentType, String body) {
        return new Whole(200, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** 204. */
    static Response empty() {
        return new Whole(204, "", new byte[0], Map.of());
    }

    static Response redirect(String location) {
        return new Whole(303, "", new byte[0], Map.of("Location", location));
    }

    static Response stream(String contentType, Writer writer) {
        return new Streamed(200, contentType, writer, Map.of("Cache-Control", "no-store", "X-Accel-Buffering", "no"));
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return all;
    }
}
