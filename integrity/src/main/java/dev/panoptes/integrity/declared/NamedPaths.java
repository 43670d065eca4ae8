package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import dev.panoptes.core.text.Phrases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether the code that a program belongs to could serve a path, by its text alone: a route of HTTP is written somewhere, in whatever
 * language, part by part. That it is written says little; that it is written nowhere, in code of a framework that serves nothing of
 * its own, says that it is not served. Not safe for use by several threads.
 */
public final class NamedPaths {
    /** What a look at the code gave. */
    public sealed interface Answer {
        /** A route of it is written there. @param file rootPath */
        record Written(String file) implements Answer {}

        /**
         * Nothing of it is written.
         *
         * @param folder rootPath of the code that was searched, or {@code the root}
         * @param files how many files
         * @param near routes that end with the same part and are others; often empty
         */
        record Nowhere(String folder, int files, SequencedSet<String> near) implements Answer {
            public Nowhere {
                near = new LinkedHashSet<>(near);
            }
        }

        /** Of a folder: none of its files is of a framework that is known here. */
        record NotJudged() implements Answer {}

        /** @param reason one sentence without a full stop */
        record Unclear(String reason) implements Answer {}
    }

    private static final int LARGEST = 256 * 1024;
    private static final int MOST_FILES = 400;
    private static final int MOST_TEXT = 4 * 1024 * 1024;

    private static final Set<String> BUILDS = Set.of(
            "package.json",
            "go.mod",
            "pyproject.toml",
            "requirements.txt",
            "setup.py",
            "Pipfile",
            "Cargo.toml",
            "pom.xml",
            "build.gradle",
            "build.gradle.kts",
            "Gemfile",
            "mix.exs",
            "composer.json",
            "Dockerfile");

    private static final Pattern SOURCE =
            Pattern.compile(".*\\.(?:py|js|mjs|cjs|ts|mts|cts|jsx|tsx|vue|svelte|go|java|kt|kts"
                    + "|groovy|scala|rs|rb|ru|php|cs|fs|vb|ex|exs|erl|cr|lua|clj|dart|swift|pl|properties)|application[\\w.-]*\\.ya?ml"
                    + "|routes[\\w.-]*\\.ya?ml|appsettings[\\w.-]*\\.json");

    /** What a service is built and needs by: parts of it may come from elsewhere in the tree. */
    private static final Pattern ELSEWHERE = Pattern.compile(
            "[\"']?(?:workspace|file|link|portal):"
                    + "|\\bpath\\s*[=:]\\s*[\"']\\.\\./|=>\\s*\\.\\.?/|-e\\s+\\.|^\\s*\\.\\.?/|project\\(\\s*[\"']:|<Project>?Reference");

    private static final List<String> WORKSPACES = List.of(
            "pnpm-workspace.yaml", "settings.gradle", "settings.gradle.kts", "go.work", "Cargo.toml", "pom.xml");

    /** Frameworks of which every route is written. Each is looked for in all files. */
    private static final Pattern FRAMEWORK =
            Pattern.compile("\\b(?:FastAPI|Flask|Quart|Sanic)\\(|[\"'](?:express|fastify|koa"
                    + "|@koa/router|hono|restify)[\"']|\"net/http\"|\"github\\.com/(?:gin-gonic/gin|labstack/echo/v4|go-chi/chi|gorilla/mux)"
                    + "|@RestController\\b|\\baxum::|\\bactix_web::|\\bSinatra::Base\\b|require ['\"]sinatra|\\bPlug\\.Router\\b"
                    + "|WebApplication\\.CreateBuilder|io\\.ktor\\.server\\.");

    /** By any of these it may serve what nobody wrote; a text of {@link #MORE} stands in what {@link #PERHAPS_MORE} finds besides. */
    private static final Phrases MORE = new Phrases(List.of(
            "NotFoundHandler",
            ".notFound(",
            "NoRoute(",
            ".fallback(",
            "fallback_service",
            "errorhandler(404",
            "MapFallback",
            "default_service",
            "not_found do",
            "StripPrefix",
            "strip_prefix",
            "ServeHTTP",
            "URL.Path",
            "runtime.NewServeMux",
            "ReverseProxy",
            "createProxy",
            "http-proxy",
            "createRequestHandler",
            "RepositoryRestResource",
            "data-rest",
            "lightship",
            "wsgi_app",
            "actuator",
            "terminus"));

    private static final Pattern PERHAPS_MORE =
            Pattern.compile("[\"'`][^\"'`\\s]*(?:/\\*|\\{\\*|\\.\\*|:path[>}*]|<path:)"
                    + "|\\.(?:get|all|use|any|route)\\(\\s*[\"'`]\\*|\\.use\\(\\s*(?:async|function|\\()|Handle(?:Func)?\\(\\s*\"(?:GET )?/\""
                    + "|\\[(?:controller|action)]|\\bimport\\(|\\.route\\(\\s*\\{|@app\\.middleware|BaseHTTPMiddleware"
                    + "|(?<!http|Results|this)\\.NotFound\\(|(?:ListenAndServe\\w*\\([^,\\n]{1,200},\\s*|Handler:\\s*)http\\.HandlerFunc"
                    + "|(?m)^[ \\t]*+(?:import|from|use|using|require|@?\\w+ :?=? ?require)\\b.{0,200}(?i:health|heartbeat|readiness|liveness)"
                    + "|^[ \\t]*+(?:\\w+ )?\"[^\"\\n]{1,200}health[^\"\\n]{0,200}\"\\s*$");

    /** Code that names no route at all was not understood, or is none. */
    private static final Pattern ANY_ROUTE =
            Pattern.compile("(?i)(?:get|post|put|head|route|handle|handlefunc|mapping|match|all)"
                    + "\\s*+(?:\\(|!\\()?\\s*+[\"'`](?:[A-Z]{3,7} )?/[\\w{:<]");

    /** A text that could be a route or the end of one, and no key of a map. */
    private static final Pattern QUOTED = Pattern.compile(
            "([\"'`])(?:[A-Z]{3,7} )?(/[\\w./~:{}<>*$()\\[\\]-]{0,200}|[\\w./~:{}<>*$()\\[\\]-]{1,200}(?!.\\s*(?::(?!:)|=>|])))\\1");

    private static final Pattern FILE_ROUTE = Pattern.compile(
            "(?:.*/)?(?:app|pages|routes|api)/(.*?)(?:/route|/index|/\\+server|/\\+page|/page)?(?:\\.(?:get|post))?\\.[a-z]{2,6}");

    private static final Pattern PARAMETER = Pattern.compile("[:{<*$(\\[]");

    private static final Pattern ROUTING = Pattern.compile(
            "(?i)\\b(?:\\w*get|head|all|any|route|handle\\w*|map\\w*|\\w*mapping"
                    + "|re_?path|path|url|controller|resources?|scope|match|api_route|endpoint|group|prefix|nest|service)\\b");

    private final Declarations declarations;
    private final FolderFiles files;
    private final Map<String, Folder> folders = new HashMap<>();

    /** @param refusal why nothing can be said of what is written nowhere; null where it can */
    private record Folder(
            Map<String, String> texts,
            boolean routed,
            @Nullable String refusal) {}

    public NamedPaths(Declarations declarations) {
        this.declarations = declarations;
        this.files = new FolderFiles(declarations.root());
    }

    /**
     * @param code rootPath of a source file, or of the folder that an image is built from
     * @param path begins with a slash; what follows a question mark does not count
     */
    public Answer of(String code, String path) {
        List<String> parts = parts(path);
        if (parts.isEmpty()) {
            return new Answer.Unclear("the root of a server is answered by whatever answers");
        }
        if (parts.stream().anyMatch(part -> !part.matches("[\\w.~-]+"))) {
            return new Answer.Unclear(path + " is no plain path");
        }
        String folder = folder(code);
        Folder searched = folders.computeIfAbsent(folder, this::read);
        String last = parts.getLast();
        Pattern otherwise = otherwise(last);
        SequencedSet<String> near = new LinkedHashSet<>();
        String perhaps = null;
        for (Map.Entry<String, String> file : searched.texts().entrySet()) {
            switch (in(file.getKey(), file.getValue(), parts, otherwise, near)) {
                case ROUTE -> {
                    return new Answer.Written(file.getKey());
                }
                case PERHAPS -> perhaps = perhaps == null ? file.getKey() : perhaps;
                case NOT -> {
                    // The next file may.
                }
            }
        }
        if (perhaps == null && folder.equals(code) && !searched.routed()) {
            return new Answer.NotJudged();
        }
        String named = folder.isEmpty() ? "the root" : folder;
        return perhaps != null
                ? new Answer.Unclear(perhaps + " names " + last + ", but no route of it was followed")
                : searched.refusal() != null
                        ? new Answer.Unclear(searched.refusal())
                        : new Answer.Nowhere(named, searched.texts().size(), near);
    }

    private enum Mention {
        ROUTE,
        PERHAPS,
        NOT
    }

    /** The last part of a path where it is no text of its own: within one, or as a symbol of Ruby. */
    private static Pattern otherwise(String last) {
        return Pattern.compile("(?i)[/`$>)}^]" + Pattern.quote(last)
                + "(?![\\w\"'`/-])|\\b(?:resources?|namespace|scope|match)\\s+:" + Pattern.quote(last) + "\\b");
    }

    private static Mention in(
            String file, String text, List<String> asked, Pattern otherwise, SequencedSet<String> near) {
        String last = asked.getLast();
        if (isServedAsFile(file, asked)) {
            return Mention.ROUTE;
        }
        Mention found =
                file.toLowerCase(Locale.ROOT).contains(last.toLowerCase(Locale.ROOT)) ? Mention.PERHAPS : Mention.NOT;
        if (otherwise.matcher(text).find()) {
            found = Mention.PERHAPS;
        }
        Matcher quoted = QUOTED.matcher(text);
        while (quoted.find()) {
            List<String> route = parts(quoted.group(2));
            if (route.isEmpty()) {
                continue;
            }
            boolean same = route.getLast().equalsIgnoreCase(last);
            if (!isEndOf(route, asked)) {
                if (same && quoted.group(2).startsWith("/")) {
                    near.add(quoted.group(2));
                }
            } else if (!same) {
                found = quoted.group(2).startsWith("/") ? Mention.PERHAPS : found;
            } else if (quoted.group(2).startsWith("/")
                    || ROUTING.matcher(lineBefore(text, quoted.start())).find()) {
                return Mention.ROUTE;
            } else {
                found = Mention.PERHAPS;
            }
        }
        return found;
    }

    /** Next.js, SvelteKit, Nuxt and the like serve a path by the folders that a file lies in. */
    private static boolean isServedAsFile(String file, List<String> asked) {
        Matcher route = FILE_ROUTE.matcher(file);
        return route.matches() && isEndOf(asked, parts(route.group(1)));
    }

    /** A router may put something before a route, and nothing takes something away from it. A part that is a parameter is any. */
    private static boolean isEndOf(List<String> route, List<String> asked) {
        if (route.size() > asked.size()) {
            return false;
        }
        for (int i = 1; i <= route.size(); i++) {
            String part = route.get(route.size() - i);
            if (!PARAMETER.matcher(part).find() && !part.equalsIgnoreCase(asked.get(asked.size() - i))) {
                return false;
            }
        }
        return true;
    }

    private static String lineBefore(String text, int end) {
        int start = text.lastIndexOf('\n', end - 1) + 1;
        // A call may be broken into lines after its name.
        start = start == 0 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
        return text.substring(Math.max(start, end - 300), end);
    }

    private static List<String> parts(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("[?#]", 2)[0].split("/")) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return parts;
    }

    /** The nearest folder that is built by itself; that of the file where none is. */
    private String folder(String code) {
        boolean directory = declarations.paths().below(code) instanceof DeployedPath.Below below && below.directory();
        String own = directory ? code : PathNames.parent(code);
        return PathNames.upwards(own).stream()
                .filter(each -> BUILDS.stream().anyMatch(name -> isThere(each, name)))
                .findFirst()
                .orElse(own);
    }

    private boolean isThere(String folder, String name) {
        return declarations.paths().below(PathNames.join(folder, name)) instanceof DeployedPath.Below below
                && below.exists();
    }

    private Folder read(String folder) {
        Optional<List<String>> listed = files.of(folder);
        if (listed.isEmpty()) {
            return new Folder(Map.of(), false, "not all of its code could be searched");
        }
        Map<String, String> texts = new HashMap<>();
        String prefix = folder.isEmpty() ? "" : folder + "/";
        String refusal = isOfSeveral(folder) ? "parts of its code may lie in another folder of the tree" : null;
        boolean known = false;
        boolean routed = false;
        int length = 0;
        for (String name : listed.get()) {
            String file = PathNames.last(name);
            boolean build = BUILDS.contains(file) || file.endsWith(".csproj");
            if (!build && !SOURCE.matcher(file).matches()) {
                continue;
            }
            String text = texts.size() < MOST_FILES && length < MOST_TEXT ? text(prefix + name) : null;
            if (text == null) {
                return new Folder(texts, false, "not all of its code could be searched");
            }
            length += text.length();
            if (build) {
                refusal = refusal == null && ELSEWHERE.matcher(text).find()
                        ? "parts of its code may lie in another folder of the tree"
                        : refusal;
                continue;
            }
            texts.put(prefix + name, text);
            known |= FRAMEWORK.matcher(text).find();
            routed |= ANY_ROUTE.matcher(text).find();
            if (refusal == null && (MORE.in(text) || PERHAPS_MORE.matcher(text).find())) {
                refusal = prefix + name + " may serve paths that nothing names";
            }
        }
        boolean read = known && routed;
        if (refusal == null && !read) {
            refusal = "no routes of a framework of which every route is written were found";
        }
        return new Folder(texts, read, refusal);
    }

    private @Nullable String text(String rootPath) {
        String text = declarations.code().text(rootPath);
        return text == null || text.length() > LARGEST ? null : text;
    }

    /** A member of a workspace may use its neighbours without a word that tells them from what is installed. */
    private boolean isOfSeveral(String folder) {
        List<String> above = folder.isEmpty() ? List.of() : PathNames.upwards(PathNames.parent(folder));
        return above.stream().anyMatch(each -> {
            String node = declarations.code().text(PathNames.join(each, "package.json"));
            return (node != null && node.contains("\"workspaces\""))
                    || WORKSPACES.stream().anyMatch(name -> isThere(each, name));
        });
    }
}
