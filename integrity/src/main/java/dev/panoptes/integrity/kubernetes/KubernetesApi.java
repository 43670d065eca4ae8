package dev.panoptes.integrity.kubernetes;

import dev.panoptes.core.IoReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks an API server. There is no way to send anything but {@code GET}, and no redirect is followed, so that looking changes nothing and the
 * token goes nowhere else. Answers are bounded.
 */
final class KubernetesApi implements AutoCloseable {
    private static final int LARGEST_ANSWER = 64 << 20;
    private static final int LARGEST_ERROR = 16 << 10;
    private static final int GONE = 410;

    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(200)
                            .maxStringLength(4 << 20)
                            .maxDocumentLength(LARGEST_ANSWER)
                            .build())
                    .build())
            .build();

    private final ClusterAccess access;
    private final Duration timeout;
    private final HttpClient client;

    KubernetesApi(ClusterAccess access, Duration timeout) {
        this.access = access;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .sslContext(access.tls())
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** Why the API server could not be asked, in words for a person. */
    static final class Refused extends Exception {
        private final boolean gone;

        Refused(String reason, boolean gone) {
            super(reason);
            this.gone = gone;
        }

        /** True where the resource version is too old (410): the list has to be read anew. */
        boolean isGone() {
            return gone;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    String cluster() {
        return access.name();
    }

    /** @param path with its query @param what as messages name it */
    JsonNode get(String path, String what) throws Refused, InterruptedException {
        try (InputStream body = open(path, what)) {
            byte[] bytes = body.readNBytes(LARGEST_ANSWER + 1);
            if (bytes.length > LARGEST_ANSWER) {
                throw new Refused("The answer to " + what + " is larger than 64 MiB", false);
            }
            JsonNode node = JSON.readTree(bytes);
            if (!node.isObject()) {
                throw new Refused("The answer to " + what + " is no object of Kubernetes", false);
            }
            return node;
        } catch (JacksonException e) {
            throw new Refused("The answer to " + what + " is not readable JSON", false);
        } catch (IOException e) {
            throw new Refused(reason(e, what), false);
        }
    }

    /** The body of an answer 200, which the caller closes; it may go on for ever. */
    InputStream open(String path, String what) throws Refused, InterruptedException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path))
                    .timeout(timeout)
                    .header("Accept", "application/json")
                    .header("User-Agent", "panoptes")
                    .GET();
            String token = access.token().read();
            if (token != null && !token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() == 200) {
                return answer.body();
            }
            try (InputStream body = answer.body()) {
                throw refused(answer.statusCode(), body.readNBytes(LARGEST_ERROR), what);
            }
        } catch (IllegalArgumentException e) {
            throw new Refused("The token holds characters that no header takes", false);
        } catch (IOException e) {
            throw new Refused(reason(e, what), false);
        }
    }

    private String base() {
        String server = access.server().toString();
        return server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    }

    private static Refused refused(int status, byte[] body, String what) {
        String said = message(body);
        String reason = switch (status) {
            case 401 -> "The API server does not know the token or certificate (401)";
            case 403 -> "The API server forbids to read " + what + " (403)";
            case 404 -> "The API server does not know " + what + " (404)";
            default -> "The API server answers " + what + " with status " + status;
        };
        return new Refused(said.isEmpty() ? reason : reason + ": " + said, status == GONE);
    }

    /** What a Status object says; empty where it is none. */
    private static String message(byte[] body) {
        try {
            String message = JSON.readTree(body).path("message").asString("");
            String clean = message.replaceAll("\\p{Cntrl}", " ");
            return clean.length() <= 200 ? clean : clean.substring(0, 200) + " ...";
        } catch (JacksonException e) {
            return "";
        }
    }

    private String reason(IOException failure, String what) {
        String server = access.server().getHost() + ":" + access.server().getPort();
        if (failure instanceof HttpTimeoutException) {
            return "The API server at " + server + " did not answer in time";
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException tls) {
                return "The API server at " + server
                        + " shows a certificate that the authority did not sign, or no TLS: "
                        + shortened(tls.getMessage());
            }
            if (cause instanceof ConnectException) {
                return "The API server at " + server + " cannot be reached";
            }
            if (cause instanceof java.nio.channels.UnresolvedAddressException) {
                return "The name of the API server at " + server + " has no address";
            }
        }
        if (failure instanceof java.nio.file.FileSystemException) {
            return "The token file cannot be read: " + IoReason.of(failure);
        }
        return "The API server at " + server + " broke off its answer to " + what + ": "
                + shortened(failure.getMessage());
    }

    private static String shortened(@Nullable String message) {
        String text =
                message == null ? "" : new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return text.length() <= 150 ? text : text.substring(0, 150).toLowerCase(Locale.ROOT) + " ...";
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
