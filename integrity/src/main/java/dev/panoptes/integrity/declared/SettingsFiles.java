package dev.panoptes.integrity.declared;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which files hold settings of programs, by their names, and which paths hold what is no part of a fleet. */
final class SettingsFiles {
    private static final Set<String> DATA =
            Set.of("toml", "ini", "cfg", "properties", "json", "jsonc", "json5", "env", "j2", "tmpl", "tpl");
    private static final Set<String> CODE =
            Set.of("js", "ts", "mjs", "cjs", "mts", "cts", "jsx", "tsx", "py", "rb", "exs", "php", "go");

    private static final Set<String> SOURCES = Set.of(
            "js", "ts", "mjs", "cjs", "mts", "jsx", "tsx", "vue", "svelte", "py", "rb", "ex", "exs", "php", "go",
            "java", "kt", "rs", "cs", "scala");

    /** What is called so holds no address of a neighbour, whatever it is written in. */
    private static final Pattern OF_TOOLS = Pattern.compile(
            "(.*[.-])?(lock|lockfile|min|schema|postman_collection|postman_environment)\\.json|(package|composer|tsconfig[\\w.-]*|jsconfig|launchsettings|launch|tasks|manifest|renovate|lerna|nx|turbo|biome|deno|global|angular|vercel)\\.json"
                    + "|(openapi|swagger|package)[\\w.-]*\\.json|\\..*rc(\\.\\w+)?|(cargo|pyproject|poetry|clippy|rustfmt|book|netlify|mypy|ruff)\\.toml"
                    + "|(setup|tox|pytest|mypy|alembic|pylintrc)\\.(cfg|ini)|gradle[\\w.-]*\\.properties|messages[\\w.-]*\\.properties"
                    + "|(jest|vitest|playwright|cypress|karma|eslint|prettier|tailwind|postcss|babel|commitlint|tsup|rollup)\\.[\\w.]+|conftest\\.py");

    /** How the last word of the name of a source file is called that holds settings. */
    private static final Set<String> CONFIGURING = Set.of(
            "config",
            "configuration",
            "settings",
            "constants",
            "endpoints",
            "proxy",
            "setupproxy",
            "environment",
            "env",
            "runtime",
            "prod",
            "production",
            "application");

    private static final Pattern ENVIRONMENT = Pattern.compile("\\.env(\\.[\\w.-]+)?|[\\w.-]+\\.env");
    private static final Pattern SAMPLE = Pattern.compile(
            "(.*[._-])?(example|sample|dist|template|default|defaults|test|testing|ci|spec|tests)([._-].*)?");

    /** Tests, documents, examples, and what builds or checks the code elsewhere. */
    private static final Pattern APART = Pattern.compile(
            "(?i)(.*/)?(tests?|__tests__|e2e|specs?|cypress|playwright|mocks?|__mocks__|stubs|docs?|documentation|examples?|samples?|demos?|locales?|i18n|translations|schemas?|migrations|benchmarks?|dist|build|target|out|coverage|public|static|assets|generated|\\.[^/]*)/.*"
                    + "|(.*/)?(\\.gitlab-ci[\\w.-]*|azure-pipelines[\\w.-]*|bitbucket-pipelines|\\.travis|\\.drone|\\.woodpecker[\\w.-]*|cloudbuild[\\w.-]*|mkdocs|dependabot|openapi[\\w.-]*|swagger[\\w.-]*|\\.pre-commit-config)\\.ya?ml"
                    + "|(.*/)?[\\w.-]*[._-](test|tests|spec|e2e|mock|cases|fixture|fixtures)\\.[\\w.]+|(.*/)?(test|tests|spec|e2e|conftest)[_.-][\\w.-]+");

    private SettingsFiles() {}

    /** True for a file that no reader of declarations knows by its name and that may hold settings. */
    static boolean isCalledSo(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (isEnvironment(lower)) {
            return true;
        }
        int dot = lower.lastIndexOf('.');
        if (dot <= 0) {
            return false;
        }
        String suffix = lower.substring(dot + 1);
        return DATA.contains(suffix)
                ? !OF_TOOLS.matcher(lower).matches()
                : CODE.contains(suffix)
                        && CONFIGURING.contains(lastWord(lower, dot))
                        && !OF_TOOLS.matcher(lower).matches();
    }

    private static String lastWord(String name, int end) {
        int from = end;
        while (from > 0 && Character.isLetter(name.charAt(from - 1))) {
            from--;
        }
        return name.substring(from, end);
    }

    static boolean isSource(String name) {
        return SOURCES.contains(name.substring(name.lastIndexOf('.') + 1)) && name.indexOf(".d.") < 0;
    }

    /** An environment file that somebody uses; not one that is copied and filled in. */
    static boolean isEnvironment(String lower) {
        return lower.contains("env")
                && ENVIRONMENT.matcher(lower).matches()
                && !SAMPLE.matcher(lower).matches();
    }

    /** True for a path whose texts name nothing of the fleet as it runs. */
    static boolean isApart(String rootPath) {
        return APART.matcher(rootPath).matches();
    }
}
