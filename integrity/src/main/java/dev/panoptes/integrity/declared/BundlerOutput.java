package dev.panoptes.integrity.declared;

import dev.panoptes.code.PathNames;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Into which folder the build script of a package writes. */
final class BundlerOutput {
    /** What stands alone or behind a type check ({@code tsc -b && vite build}). */
    private static final Pattern SCRIPT = Pattern.compile(
            "(?:(?:vue-)?tsc(?: --?[\\w.-]+)*\\s*&&\\s*)?(vite build|react-scripts build|next build|vue-cli-service"
                    + " build)");

    /** TypeScript's compiler alone (TypeScript, "outDir"). */
    private static final Pattern COMPILED = Pattern.compile("tsc(?: (?:-p|--project) ([\\w./-]+\\.json))?");

    private static final Pattern OUTPUT =
            Pattern.compile("(?m)^[ \\t]*\"outDir\"\\s*:\\s*\"(?:\\./)?([\\w-][\\w./-]*?)/?\"");

    private static final Map<String, String> FOLDERS = Map.of(
            "vite build", "dist",
            "react-scripts build", "build",
            "next build", ".next",
            "vue-cli-service build", "dist");
    /** Frameworks upon a bundler that write elsewhere, and words that move the folder. */
    private static final Pattern ELSEWHERE = Pattern.compile(
            "@sveltejs/kit|@remix-run/|@react-router/|@tanstack/|laravel-vite|vinxi|vite-plugin-|@crxjs|vike|vite-ssg|electron"
                    + "|\"(?:pre|post)build\"");

    private static final List<String> CONFIGURATIONS = List.of(
            "vite.config.ts",
            "vite.config.js",
            "vite.config.mjs",
            "vite.config.mts",
            "vue.config.js",
            "next.config.js",
            "next.config.mjs",
            "next.config.ts");
    private static final Pattern MOVED = Pattern.compile("outDir|outputDir|distDir|output\\s*:|\\broot\\s*:");

    private BundlerOutput() {}

    /** Relative to the package's folder; null where that is not known. */
    static @Nullable String of(String packageFile, String script, Declarations declarations, String folder) {
        try {
            JsonNode text =
                    new ObjectMapper().readTree(packageFile).path("scripts").path(script);
            Matcher compiled =
                    COMPILED.matcher(text.isString() ? text.stringValue().strip() : "");
            if (compiled.matches()) {
                String file = compiled.group(1) == null ? "tsconfig.json" : compiled.group(1);
                String config = declarations.code().text(PathNames.join(folder, file));
                Matcher output = OUTPUT.matcher(config == null || config.contains("\"extends\"") ? "" : config);
                return packageFile.contains("\"postbuild\"") || !output.find() ? null : output.group(1);
            }
            Matcher matcher =
                    SCRIPT.matcher(text.isString() ? text.stringValue().strip() : "");
            if (!matcher.matches() || ELSEWHERE.matcher(packageFile).find()) {
                return null;
            }
            for (String name : CONFIGURATIONS) {
                String config = declarations.code().text(PathNames.join(folder, name));
                if (config != null && MOVED.matcher(config).find()) {
                    return null;
                }
            }
            return FOLDERS.get(matcher.group(1));
        } catch (JacksonException e) {
            return null;
        }
    }
}
