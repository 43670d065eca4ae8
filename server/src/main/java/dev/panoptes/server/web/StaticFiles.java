package dev.panoptes.server.web;

import dev.panoptes.integrity.report.HtmlReport;
import dev.panoptes.server.http.Access;
import dev.panoptes.server.http.Problem;
import dev.panoptes.server.http.Request;
import dev.panoptes.server.http.Resource;
import dev.panoptes.server.http.Response;
import dev.panoptes.server.http.Route;
import dev.panoptes.server.web.view.Links;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Style sheet, scripts, fonts. Each is served under a name that holds a digest of its content, and may then be kept for ever;
 * under its plain name it is served too, to be asked for anew every time.
 */
final class StaticFiles implements Resource {
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String HTMX = "/META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js";

    /** Those that others name come before them. */
    private static final List<String> FILES = List.of(
            "inter.woff2",
            "mono.woff2",
            "serif.woff2",
            "logo.svg",
            "theme.js",
            "pages.js",
            "fleet.js",
            "forms.js",
            "panoptes.css",
            "report.css");

    /** What pages.js is made of, in the order in which it runs. */
    private static final List<String> MODULES = List.of("act.js", "live.js", "find.js", "pages.js");

    private static final Pattern COMMENT = Pattern.compile("//.*|/\\*\\*.*\\*/");

    /** @param gzip null for what is compressed by itself */
    private record File(String type, byte[] plain, byte @Nullable [] gzip, boolean kept) {}

    private final Map<String, File> byName = new HashMap<>();
    private final Links links;

    StaticFiles() {
        Map<String, String> addresses = new LinkedHashMap<>();
        add("htmx.js", read(HTMX), addresses);
        for (String name : FILES) {
            byte[] bytes = name.equals("pages.js")
                    ? together().getBytes(StandardCharsets.UTF_8)
                    : name.equals("fleet.js") || name.equals("forms.js")
                            ? code(name).getBytes(StandardCharsets.UTF_8)
                            : read("static/" + (name.endsWith(".woff2") ? "fonts/" : "") + name);
            if (name.equals("report.css")) {
                bytes = (HtmlReport.stylesheet() + new String(bytes, StandardCharsets.UTF_8))
                        .getBytes(StandardCharsets.UTF_8);
            }
            if (name.endsWith(".css") || name.endsWith(".js")) {
                bytes = linked(new String(bytes, StandardCharsets.UTF_8), addresses)
                        .getBytes(StandardCharsets.UTF_8);
            }
            add(name, bytes, addresses);
        }
        links = new Links(addresses);
    }

    Links links() {
        return links;
    }

    /**
     * What every page needs as one module, which compresses better and takes one call: the first is what the others import, each
     * of them a block of its own.
     */
    private static String together() {
        StringBuilder all = new StringBuilder();
        for (String name : MODULES) {
            boolean imported = name.equals(MODULES.getFirst());
            all.append(imported ? "" : "{\n");
            for (String line : code(name).split("\n")) {
                if (!line.startsWith("import ")) {
                    all.append(line).append('\n');
                }
            }
            all.append(imported ? "" : "}\n");
        }
        return all.toString();
    }

    /** A module without what only its readers need. Comments are whole lines; no text goes over a line. */
    private static String code(String name) {
        return new String(read("static/" + name), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !COMMENT.matcher(line).matches())
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Files name one another as {@code ./name}. */
    private static String linked(String text, Map<String, String> addresses) {
        String linked = text;
        for (Map.Entry<String, String> each : addresses.entrySet()) {
            linked = linked.replace("./" + each.getKey(), each.getValue());
        }
        return linked;
    }

    private void add(String name, byte[] bytes, Map<String, String> addresses) {
        int dot = name.lastIndexOf('.');
        String kept = name.substring(0, dot) + "." + digest(bytes) + name.substring(dot);
        String type = type(name.substring(dot + 1));
        byte[] gzip = name.endsWith(".woff2") ? null : gzip(bytes);
        byName.put(kept, new File(type, bytes, gzip, true));
        byName.put(name, new File(type, bytes, gzip, false));
        addresses.put(name, "/static/" + kept);
    }

    private static String type(String ending) {
        return switch (ending) {
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            case "woff2" -> "font/woff2";
            default -> throw new IllegalStateException("a static file of an unknown kind: " + ending);
        };
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/static/{file}", Access.OPEN, request -> file(request, request.pathParameter("file"))),
                Route.get("/favicon.ico", Access.OPEN, request -> file(request, "logo.svg")));
    }

    private Response file(Request request, String name) {
        File file = byName.get(name);
        if (file == null) {
            throw Problem.notFound("There is no such file").exception();
        }
        byte[] gzip = request.accepts("gzip") ? file.gzip : null;
        Response answer = new Response.Whole(200, file.type, gzip == null ? file.plain : gzip, Map.of())
                .header("Cache-Control", file.kept ? FOR_EVER : "no-cache")
                .header("Vary", "Accept-Encoding");
        return gzip != null ? answer.header("Content-Encoding", "gzip") : answer;
    }

    private static byte[] read(String path) {
        try (InputStream in = StaticFiles.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is missing from the program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 2);
        try (GZIPOutputStream out = new Best(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** Slow, and done once. */
    private static final class Best extends GZIPOutputStream {
        Best(ByteArrayOutputStream bytes) throws IOException {
            super(bytes);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
