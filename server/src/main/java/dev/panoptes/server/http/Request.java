package dev.panoptes.server.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call, read as far as it is asked. What does not fit is refused here, with a {@link ProblemException}; nothing behind a
 * resource sees raw input.
 */
public final class Request {
    private static final int LONGEST_PARAMETER = 512;

    private final String id;
    private final Method method;
    private final String path;
    private final String address;
    private final String callerKey;
    private final int port;
    private final boolean tlsBefore;
    private final Principal caller;
    private final Map<String, String> pathParameters;
    private final Map<String, List<String>> query;
    private final Function<String, @Nullable String> headers;
    private final Function<String, @Nullable String> cookies;
    private final Body body;
    private @Nullable Map<String, String> form;
    private final BooleanSupplier allowed;

    /** Reads the body when it is asked for, up to the route's limit. */
    interface Body {
        byte[] bytes();
    }

    Request(
            String id,
            Method method,
            String path,
            String address,
            String callerKey,
            int port,
            boolean tlsBefore,
            Principal caller,
            Map<String, String> pathParameters,
            Map<String, List<String>> query,
            Function<String, @Nullable String> headers,
            Function<String, @Nullable String> cookies,
            Body body,
            BooleanSupplier allowed) {
        this.id = id;
        this.method = method;
        this.path = path;
        this.address = address;
        this.callerKey = callerKey;
        this.port = port;
        this.tlsBefore = tlsBefore;
        this.caller = caller;
        this.pathParameters = pathParameters;
        this.query = query;
        this.headers = headers;
        this.cookies = cookies;
        this.body = body;
        this.allowed = allowed;
    }

    /** Of this call, in its log line and its problem. */
    public String id() {
        return id;
    }

    public Method method() {
        return method;
    }

    public String path() {
        return path;
    }

    /** Under what this caller is limited; the same for every call of one person, token, agent or anonymous address. */
    public String callerKey() {
        return callerKey;
    }

    /** Where the call comes from: the connection's address, or what a trusted proxy says. */
    public String address() {
        return address;
    }

    /** The server's port that it came to. */
    public int port() {
        return port;
    }

    /** Whether a proxy that is trusted says that the caller speaks TLS with it. */
    public boolean tlsBefore() {
        return tlsBefore;
    }

    public Principal caller() {
        return caller;
    }

    /**
     * Whether the caller may still make this call: for answers that take long, from any thread. Throws what the database
     * throws where that cannot be told.
     */
    public boolean stillAllowed() {
        return allowed.getAsBoolean();
    }

    /** A part of the path. Text as sent: at most 512 characters, no control characters. */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no parameter " + name);
        }
        return plain(name, value);
    }

    /** A part of the path that is a UUID; what is none cannot be found. */
    public UUID pathId(String name) {
        try {
            return UUID.fromString(pathParameter(name));
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("There is nothing under this id").exception();
        }
    }

    /** A query parameter; empty where it is missing. Given twice is refused. */
    public Optional<String> query(String name) {
        return longQuery(name, LONGEST_PARAMETER);
    }

    /** The same for what may be longer than most. */
    public Optional<String> longQuery(String name, int longest) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw invalid("the query parameter " + name + " is given more than once");
        }
        return values.stream().findFirst().map(value -> plain(name, value, longest));
    }

    /** A whole number within bounds, or the default where it is missing. */
    public int query(String name, int least, int most, int otherwise) {
        Optional<String> text = query(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        if (text.get().matches("\\d{1,9}")) {
            int value = Integer.parseInt(text.get());
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw invalid("the query parameter " + name + " must be a whole number from " + least + " to " + most);
    }

    /** True or false; the default where it is missing. */
    public boolean query(String name, boolean otherwise) {
        return switch (query(name).orElse(Boolean.toString(otherwise))) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid("the query parameter " + name + " must be true or false");
        };
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.apply(name));
    }

    public Optional<String> cookie(String name) {
        return Optional.ofNullable(cookies.apply(name));
    }

    /** True where the caller can read answers in this content coding. */
    public boolean accepts(String coding) {
        for (String part : header("Accept-Encoding").orElse("").split(",")) {
            String[] words = part.split(";", 2);
            if (words[0].strip().equalsIgnoreCase(coding)) {
                return words.length == 1 || !words[1].replace(" ", "").matches("q=0(\\.0*)?");
            }
        }
        return false;
    }

    /** A GET by the same caller, for pages that show what other calls answer. It has no headers, cookies or body. */
    public Request inside(String otherPath, Map<String, String> parameters, Map<String, String> otherQuery) {
        Map<String, List<String>> asked = new LinkedHashMap<>();
        otherQuery.forEach((name, value) -> asked.put(name, List.of(value)));
        return new Request(
                id,
                Method.GET,
                otherPath,
                address,
                callerKey,
                port,
                tlsBefore,
                caller,
                Map.copyOf(parameters),
                asked,
                _ -> null,
                _ -> null,
                () -> new byte[0],
                allowed);
    }

    /** The body, read by {@code reader}; every violation at once is a 400 with pointers. */
    public <T> T body(Function<Fields, T> reader) {
        requireJson();
        return Fields.read(Json.read(body.bytes()), reader);
    }

    /** The body where it may be missing altogether: no bytes read as an empty object. */
    public <T> T optionalBody(Function<Fields, T> reader) {
        byte[] bytes = body.bytes();
        if (bytes.length == 0) {
            return Fields.read(Json.emptyObject(), reader);
        }
        requireJson();
        return Fields.read(Json.read(bytes), reader);
    }

    /** The fields of a posted form, each given once. */
    public Map<String, String> form() {
        String type = header("Content-Type").orElse("").split(";", 2)[0].strip();
        if (!type.equalsIgnoreCase("application/x-www-form-urlencoded")) {
            throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body must be a form")
                    .exception();
        }
        Map<String, String> read = form;
        if (read == null) {
            read = Form.read(body.bytes());
            form = read;
        }
        return read;
    }

    /** The bytes of a JSON body that another reader parses. They are valid UTF-8 and strict JSON. */
    public byte[] jsonBytes() {
        requireJson();
        byte[] bytes = body.bytes();
        Json.check(bytes);
        return bytes;
    }

    /** The body as it came, still compressed where it was, of a type that another reader parses. */
    public byte[] bytes(String type) {
        String sent = header("Content-Type").orElse("").split(";", 2)[0].strip();
        if (!sent.equalsIgnoreCase(type)) {
            throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body must be " + type)
                    .exception();
        }
        return body.bytes();
    }

    private void requireJson() {
        String type = header("Content-Type").orElse("").split(";", 2)[0].strip();
        if (!type.equalsIgnoreCase(Response.JSON)) {
            throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json")
                    .exception();
        }
        if (header("Content-Encoding").isPresent()) {
            throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "The body must not be compressed")
                    .exception();
        }
    }

    private static String plain(String name, String value) {
        return plain(name, value, LONGEST_PARAMETER);
    }

    private static String plain(String name, String value, int longest) {
        if (value.length() > longest || value.chars().anyMatch(c -> c < ' ' || c == 0x7f || c == 0xfffd)) {
            throw invalid("the parameter " + name + " is too long or holds characters that cannot stand there");
        }
        return value;
    }

    private static ProblemException invalid(String detail) {
        return Problem.of(ErrorCode.INVALID_REQUEST, detail).exception();
    }
}
