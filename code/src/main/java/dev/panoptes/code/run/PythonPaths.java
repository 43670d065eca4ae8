package dev.panoptes.code.run;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Paths as Python's {@code os.path} and {@code pathlib} make them. */
final class PythonPaths {
    static final String PATH = "pathlib.Path()";

    private PythonPaths() {}

    static Value osPath(String name, Arguments given) {
        List<String> parts = new ArrayList<>();
        for (Value value : given.positional()) {
            String part = value instanceof Value.Made made ? pathText(made) : Values.text(value);
            if (part == null) {
                return Values.unknown("a path that is not known");
            }
            parts.add(part);
        }
        if (parts.isEmpty()) {
            return Values.unknown("a path that is not known");
        }
        String first = parts.getFirst();
        return Values.constant(
                switch (name) {
                    case "dirname" ->
                        first.startsWith("/") && first.lastIndexOf('/') == 0 ? "/" : PythonDialect.parent(first);
                    case "basename" -> first.substring(first.lastIndexOf('/') + 1);
                    case "join" -> {
                        String joined = "";
                        for (String part : parts) {
                            joined = part.startsWith("/") || joined.isEmpty() ? part : joined + "/" + part;
                        }
                        yield normal(joined);
                    }
                    default -> normal(first);
                });
    }

    static @Nullable Value pathMember(Value.Made made, String name, Interpreter run) {
        String path = pathText(made);
        if (path == null) {
            return null;
        }
        String last = path.substring(path.lastIndexOf('/') + 1);
        return switch (name) {
            case "parent" ->
                path(
                        path.startsWith("/") && path.lastIndexOf('/') == 0 ? "/" : PythonDialect.parent(path),
                        made.site(),
                        run);
            case "name" -> Values.constant(last);
            case "stem" -> Values.constant(last.contains(".") ? last.substring(0, last.lastIndexOf('.')) : last);
            case "parents" -> {
                List<Value> all = new ArrayList<>();
                for (String up = path; up.lastIndexOf('/') > 0; ) {
                    up = PythonDialect.parent(up);
                    all.add(path(up, made.site(), run));
                }
                all.add(path("/", made.site(), run));
                yield run.items(all);
            }
            default -> null;
        };
    }

    static Value.Made path(String text, Site site, Interpreter run) {
        return run.made(PATH, null, Arguments.of(Values.constant(normal(text))), site);
    }

    static @Nullable String pathText(Value.Made made) {
        return made.path().equals(PATH) ? Values.text(made.arguments().first()) : null;
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
