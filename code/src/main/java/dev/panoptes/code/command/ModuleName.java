package dev.panoptes.code.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which files a module named on a command line may be. */
public sealed interface ModuleName {
    /**
     * @param paths in order of likelihood, relative to where the command runs unless absolute
     * @param packaged true where an installed package may hold it, because it is named like an import
     * @param topLevel the first component of an import; the file's base name otherwise
     */
    record Files(List<String> paths, boolean packaged, String topLevel) implements ModuleName {
        public Files {
            paths = List.copyOf(paths);
        }
    }

    /** @param reason one sentence without a full stop */
    record Open(String reason) implements ModuleName {}

    Pattern COMPUTED = Pattern.compile("[$`*?%{}]");

    /** Servers that import their application. */
    Set<String> APPLICATION_SERVERS =
            Set.of("uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "waitress-serve", "flask", "fastapi");

    Set<String> SCRIPTS = Set.of("node", "tsx", "ts-node", "ts-node-esm", "nodemon", "node-dev", "bun", "deno");

    Set<String> STANDARD_PYTHON =
            Set.of("http", "pip", "venv", "json", "unittest", "smtpd", "xmlrpc", "wsgiref", "pydoc");

    /** The files that this command's module may be; the command has one. */
    static ModuleName of(String runner, String module) {
        if (module.isBlank() || COMPUTED.matcher(module).find()) {
            return new Open("the module that it starts is computed when it runs");
        }
        if (module.contains("://") || module.startsWith("npm:") || module.startsWith("jsr:")) {
            return new Open("the module that it starts is fetched when it runs");
        }
        if (APPLICATION_SERVERS.contains(runner)) {
            int colon = module.indexOf(':');
            String name = colon < 0 ? module : module.substring(0, colon);
            return name.endsWith(".py") || name.contains("/") ? script(name) : imported(name);
        }
        if (runner.equals("python") || runner.equals("streamlit")) {
            boolean script = module.endsWith(".py") || module.endsWith(".pyw") || module.contains("/");
            return script ? script(module) : imported(module);
        }
        if (SCRIPTS.contains(runner)) {
            return node(module, runner.equals("bun") || runner.equals("deno"));
        }
        return switch (runner) {
            case "sh", "ruby", "perl", "php" -> script(module);
            case "java" -> new Open("what it starts is compiled by a build");
            default -> new Open("what " + runner + " starts cannot be told from its name");
        };
    }

    private static ModuleName script(String path) {
        return new Files(List.of(path, path + "/__main__.py"), false, path.substring(path.lastIndexOf('/') + 1));
    }

    private static ModuleName imported(String name) {
        String top = name.split("\\.", 2)[0];
        if (top.isEmpty() || STANDARD_PYTHON.contains(top)) {
            return new Open("the module that it starts comes with its interpreter");
        }
        String path = name.replace('.', '/');
        return new Files(
                List.of(path + ".py", path + "/__main__.py", path + "/__init__.py", name, path + ".pyx", path + ".so"),
                true,
                top);
    }

    private static ModuleName node(String module, boolean runsNamedScripts) {
        String base = module.substring(module.lastIndexOf('/') + 1);
        if (runsNamedScripts && base.indexOf('.') < 0) {
            return new Open("it may be a script that a package file names");
        }
        List<String> paths = new ArrayList<>(List.of(module));
        for (String suffix : List.of(
                ".js", ".mjs", ".cjs", ".ts", "/index.js", "/index.mjs", "/index.cjs", "/index.ts", "/package.json")) {
            paths.add(module + suffix);
        }
        return new Files(paths, false, base);
    }
}
