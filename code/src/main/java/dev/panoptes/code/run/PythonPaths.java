package dev.panoptes.code.run;

import dev.panoptes.code.PathNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Paths as Python's {@code os.path} and {@code pathlib} make them. */
final class PythonPaths {
    static final String PATH = "pathlib.Path()";
    /** Functions of {@code os.path} that give a path for a path. */
    static final Set<String> OF_TEXT =
            Set.of("dirname", "abspath", "realpath", "normpath", "basename", "join", "expanduser");

    private static final Value.Unknown UNKNOWN = Values.unknown("a path that is not known");

    private PythonPaths() {}

    static Value osPath(String name, Arguments given) {
        List<String> parts = parts(given);
        if (parts == null || parts.isEmpty()) {
            return UNKNOWN;
        }
        String joined = "";
        for (String part : parts) {
            joined = part.startsWith("/") || joined.isEmpty() ? part : joined + "/" + part;
        }
        return Values.constant(
                switch (name) {
                    case "dirname" -> parent(parts.getFirst());
                    case "basename" -> PathNames.last(parts.getFirst());
                    case "join" -> normal(joined);
                    default -> normal(parts.getFirst());
                });
    }

    private static String parent(String path) {
        return path.startsWith("/") && path.lastIndexOf('/') == 0 ? "/" : PathNames.parent(path);
    }

    static @Nullable Value pathMember(Value.Made made, String name, Interpreter run) {
        String path = pathText(made);
        if (path == null) {
            return null;
        }
        String last = PathNames.last(path);
        return switch (name) {
            case "parent" -> path(parent(path), made.site(), run);
            case "name" -> Values.constant(last);
            case "stem" -> Values.constant(last.contains(".") ? last.substring(0, last.lastIndexOf('.')) : last);
            case "parents" -> {
                List<Value> all = new ArrayList<>();
                for (String up = path; up.lastIndexOf('/') > 0; ) {
                    up = PathNames.parent(up);
                    all.add(path(up, made.site(), run));
                }
                all.add(path("/", made.site(), run));
                yield run.items(all);
            }
            default -> null;
        };
    }

    /** {@code Path(a, b)}; null where a part is not known. */
    static @Nullable Value made(Call call, Interpreter run) {
        List<String> parts = parts(call.given());
        return parts == null ? null : path(String.join("/", parts), call.site(), run);
    }

    private static @Nullable List<String> parts(Arguments given) {
        List<String> parts = new ArrayList<>();
        for (Value value : given.positional()) {
            String part = pathText(value);
            if (part == null) {
                return null;
            }
            parts.add(part);
        }
        return parts;
    }

    /** {@code path / more}. */
    static Value below(Value.Made path, Value more, Interpreter run) {
        String base = pathText(path);
        String name = Values.text(more);
        return base == null || name == null ? UNKNOWN : path(PathNames.join(base, name), path.site(), run);
    }

    static Value.Made path(String text, Site site, Interpreter run) {
        return run.made(PATH, null, Arguments.of(Values.constant(normal(text))), site);
    }

    /** Of a path or a text; null where it is neither or not known. */
    static @Nullable String pathText(@Nullable Value value) {
        return value instanceof Value.Made made
                ? made.path().equals(PATH) ? Values.text(made.arguments().first()) : null
                : Values.text(value);
    }

    /** Without {@code .}, {@code ..} and doubled slashes. */
    static String normal(String path) {
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return (path.startsWith("/") ? "/" : "") + String.join("/", parts);
    }
}
