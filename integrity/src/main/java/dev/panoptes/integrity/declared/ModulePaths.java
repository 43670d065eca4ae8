package dev.panoptes.integrity.declared;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Which files a module on a command line can mean. */
final class ModulePaths {
    private static final Set<String> EXTENSIONS =
            Set.of("py", "js", "mjs", "cjs", "ts", "mts", "cts", "go", "java", "jar", "sh", "bash");
    private static final List<String> PYTHON = List.of("%s.py", "%s/__main__.py", "%s/__init__.py");
    private static final List<String> NODE =
            List.of("%s", "%s.js", "%s.mjs", "%s.cjs", "%s.ts", "%s/index.js", "%s/index.ts");

    private ModulePaths() {}

    /**
     * @param module as named on the command line: {@code hermes:app}, {@code server.py}, {@code pkg.main}
     * @param runner as {@link StartCommand#runner}
     * @return relative paths, the likeliest first
     */
    static List<String> of(String module, String runner) {
        int colon = module.indexOf(':');
        String name = colon < 0 ? module : module.substring(0, colon);
        if (name.isEmpty()) {
            return List.of();
        }
        String extension = name.substring(name.lastIndexOf('.') + 1);
        if (name.indexOf('.') >= 0 && EXTENSIONS.contains(extension) && colon < 0) {
            return List.of(name);
        }
        boolean node = switch (runner) {
            case "node", "tsx", "ts-node", "nodemon", "bun", "deno", "pm2" -> true;
            default -> false;
        };
        List<String> paths = new ArrayList<>();
        for (String form : node ? NODE : PYTHON) {
            paths.add(form.replace("%s", node ? name : name.replace('.', '/')));
        }
        return paths;
    }

    /** Joins and takes {@code .} and {@code ..} out; a path that leads above the start loses its {@code ..}. */
    static String join(String folder, String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : (folder + "/" + path).split("/")) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }
}
