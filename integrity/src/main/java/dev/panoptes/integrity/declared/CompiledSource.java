package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Which source a JavaScript file is made of that a start command names in a folder that a build makes: by TypeScript's own compiler and
 * Nest ({@code outDir} and {@code rootDir} of tsconfig.json), esbuild, tsup, Bun and ncc (their options).
 */
final class CompiledSource {
    private static final Pattern COMPILER = Pattern.compile("(?:^|[&;|]\\s*)(?:npx )?(tsc|nest build)\\b([^&;|]*)");
    private static final Pattern PROJECT = Pattern.compile("(?:-p|--project)[ =](\\S+)");
    private static final Pattern BUNDLER =
            Pattern.compile("(?:^|[&;|]\\s*)(?:npx )?(?:esbuild|tsup|tsup-node|bun build|ncc build)\\b([^&;|]*)");
    private static final Pattern ENTRY = Pattern.compile("(?:^|\\s)(?:\\./)?([\\w./-]+\\.[cm]?[jt]sx?)(?=\\s|$)");
    private static final Pattern OUT_FILE = Pattern.compile("--outfile[ =](?:\\./)?(\\S+)");
    private static final Pattern OUT_FOLDER =
            Pattern.compile("(?:--outdir|--out-dir|-d|-o|--out)[ =](?:\\./)?([\\w./-]+)");
    private static final Pattern JAVASCRIPT = Pattern.compile("(.*?)(?:\\.([cm]?)js)?");
    private static final Pattern STRING = Pattern.compile("\"([^\"]*)\"");

    private final Declarations declarations;
    private final FolderFiles files;

    CompiledSource(Declarations declarations) {
        this.declarations = declarations;
        this.files = new FolderFiles(declarations.root());
    }

    /**
     * The rootPath of the source; null where that is not known.
     *
     * @param made rootPath of a file below a folder that a build makes; it need not be there
     */
    @Nullable
    String of(String made) {
        String product = TreePaths.buildProduct(made);
        int at = product == null ? -1 : ("/" + made + "/").indexOf("/" + product + "/");
        if (product == null || at < 0 || made.length() <= at + product.length()) {
            return null;
        }
        String folder = made.substring(0, Math.max(0, at - 1));
        String below = made.substring(at + product.length() + 1);
        String build = build(folder);
        Matcher compiler = COMPILER.matcher(build);
        if (compiler.find()) {
            return compiled(folder, product, below, compiler.group(1).startsWith("nest"), compiler.group(2));
        }
        Matcher bundler = BUNDLER.matcher(build);
        return bundler.find() ? bundled(folder, product + "/" + below, bundler.group(1)) : null;
    }

    /** What {@code npm run build} runs. */
    private String build(String folder) {
        String text = declarations.code().text(PathNames.join(folder, "package.json"));
        try {
            JsonNode script = new ObjectMapper()
                    .readTree(text == null ? "{}" : text)
                    .path("scripts")
                    .path("build");
            return script.isString() ? script.stringValue() : "";
        } catch (JacksonException e) {
            return "";
        }
    }

    private @Nullable String compiled(String folder, String product, String below, boolean nest, String options) {
        Matcher project = PROJECT.matcher(options);
        boolean named = project.find();
        String config = named
                ? project.group(1)
                : nest && text(folder, "tsconfig.build.json") != null ? "tsconfig.build.json" : "tsconfig.json";
        String own = text(folder, config);
        String inherited = own == null ? null : base(folder, own);
        String out = own == null ? null : setting("outDir", own, inherited);
        Matcher moved = OUT_FOLDER.matcher(options.replace("--outDir", "--outdir"));
        out = moved.find() ? moved.group(1) : out;
        if (own == null
                || out == null
                || !plain(out).equals(product)
                || options.contains("--build")
                || options.contains(" -b")
                || setting("outFile", own, inherited) != null) {
            return null;
        }
        String root = setting("rootDir", own, inherited);
        String top = root != null ? plain(root) : common(folder, product, own, inherited);
        return top == null ? null : source(folder, (top.isEmpty() ? "" : top + "/") + below);
    }

    /** The folder that all sources have in common, which the compiler takes for {@code rootDir}. */
    private @Nullable String common(String folder, String product, String own, @Nullable String inherited) {
        List<String> all = files.of(folder).orElse(null);
        List<String> included = list("include", own, inherited);
        List<String> excluded = list("exclude", own, inherited);
        if (all == null || !list("files", own, inherited).isEmpty()) {
            return null;
        }
        String common = null;
        for (String file : all) {
            if (file.matches(".*(?<!\\.d)\\.[cm]?tsx?")
                    && !file.startsWith(product + "/")
                    && (included.isEmpty() || covers(included, file))
                    && !covers(excluded, file)) {
                String parent = file.substring(0, Math.max(0, file.lastIndexOf('/')));
                common = common == null ? parent : shared(common, parent);
            }
        }
        return common;
    }

    private static String shared(String one, String other) {
        String common = one;
        while (!common.isEmpty() && !(other + "/").startsWith(common + "/")) {
            common = common.substring(0, Math.max(0, common.lastIndexOf('/')));
        }
        return common;
    }

    /** True where one of these patterns of tsconfig.json names the file, or a folder that it is in. */
    private static boolean covers(List<String> patterns, String file) {
        return Boolean.TRUE.equals(
                IgnoreRules.docker(String.join("\n", patterns)).excludes(file));
    }

    private @Nullable String bundled(String folder, String made, String options) {
        Matcher entry = ENTRY.matcher(options);
        String source = entry.find() ? entry.group(1) : null;
        if (source == null || entry.find()) {
            return null;
        }
        Matcher file = OUT_FILE.matcher(options);
        Matcher out = OUT_FOLDER.matcher(options);
        String name = source.substring(source.lastIndexOf('/') + 1).replaceFirst("\\.[cm]?[jt]sx?$", "");
        boolean toFile = file.find();
        String expected = toFile ? plain(file.group(1)) : (out.find() ? plain(out.group(1)) : "dist") + "/" + name;
        String wanted = toFile ? made : made.replaceFirst("\\.[cm]?js$", "");
        String rootPath = PathNames.join(folder, source);
        boolean same = expected.equals(wanted) || (!toFile && wanted.equals(expected.replaceFirst("[^/]+$", "index")));
        return same && exists(rootPath) ? rootPath : null;
    }

    private @Nullable String source(String folder, String path) {
        Matcher script = JAVASCRIPT.matcher(path);
        if (!script.matches()) {
            return null;
        }
        String kind = script.group(2) == null ? "" : script.group(2);
        for (String suffix : List.of("." + kind + "ts", ".tsx", "/index.ts")) {
            String rootPath = PathNames.join(folder, script.group(1) + suffix);
            if (exists(rootPath)) {
                return rootPath;
            }
        }
        return null;
    }

    private boolean exists(String rootPath) {
        return declarations.paths().below(rootPath)
                        instanceof DeployedPath.Below(String found, boolean there, boolean directory)
                && there
                && !directory;
    }

    private @Nullable String text(String folder, String name) {
        return declarations.code().text(PathNames.join(folder, name));
    }

    /** The configuration that this one extends; empty where it extends none, or one of a package. */
    private String base(String folder, String config) {
        String extended = value("extends", config);
        String name = extended == null ? "" : plain(extended);
        String text = name.isEmpty() || name.startsWith("@") || name.startsWith("..")
                ? null
                : text(folder, name.endsWith(".json") ? name : name + ".json");
        return text == null ? "" : text;
    }

    private static @Nullable String setting(String name, String own, @Nullable String inherited) {
        String value = value(name, own);
        return value == null && inherited != null ? value(name, inherited) : value;
    }

    private static @Nullable String value(String name, String config) {
        Matcher matcher = Pattern.compile("(?m)^(?!\\s*//).*?\"" + name + "\"\\s*:\\s*\"([^\"]*)\"")
                .matcher(config);
        return matcher.find() ? matcher.group(1) : null;
    }

    private static List<String> list(String name, String own, @Nullable String inherited) {
        for (String config : inherited == null ? List.of(own) : List.of(own, inherited)) {
            Matcher matcher =
                    Pattern.compile("\"" + name + "\"\\s*:\\s*\\[([^]]*)]").matcher(config);
            if (matcher.find()) {
                List<String> values = new ArrayList<>();
                Matcher value = STRING.matcher(matcher.group(1));
                while (value.find()) {
                    values.add(value.group(1));
                }
                return values;
            }
        }
        return List.of();
    }

    private static String plain(String path) {
        String plain = path.startsWith("./") ? path.substring(2) : path;
        plain = plain.equals(".") ? "" : plain;
        return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    }
}
