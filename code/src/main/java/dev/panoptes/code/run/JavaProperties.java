package dev.panoptes.code.run;

import static java.util.stream.Collectors.joining;

import dev.panoptes.code.Language;
import dev.panoptes.code.PathNames;
import dev.panoptes.code.library.Table;
import dev.panoptes.core.yaml.YamlDocuments;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code application.properties} or {@code application.yml} that belongs to a source file: that of
 * {@code src/main/resources}, with those of the active profiles over it (Spring Boot reference, "Externalized Configuration").
 *
 * @param servesWeb false where the program says that it is no web application, or its build file names no web library
 */
record JavaProperties(Map<String, String> values, boolean servesWeb) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([\\w.-]{1,100})(?::([^}]{0,200}))?}");
    private static final String RESOURCES = "src/main/resources";
    /** Words of a build file that bring a web server, or other build files that may. */
    private static final List<String> WEB =
            Table.of(Language.JAVA).words("web").stream().toList();

    private static final YamlReader READER = new YamlReader(new YamlReader.Limits(1 << 16, 20_000, 20, 10_000));
    private static final int MOST_LINES = 2_000;
    private static final int DEEPEST = 20;
    /** What leads to settings elsewhere, by the command line or the environment. */
    private static final List<String> ELSEWHERE = List.of(
            "spring.config.import",
            "spring.config.location",
            "spring.config.additional.location",
            "spring.cloud.config.uri");
    /** Present where a server of configurations, or settings that could not be read, may say otherwise. */
    private static final String REMOTE = "#remote";

    JavaProperties {
        values = Map.copyOf(values);
    }

    static JavaProperties near(Module module, Interpreter run) {
        Map<String, String> values = new HashMap<>();
        String project = PathNames.upwards(module.folder()).stream()
                .filter(folder -> run.modules.folder(PathNames.join(folder, RESOURCES))
                        || run.modules.text(PathNames.join(folder, "pom.xml")) != null)
                .findFirst()
                .orElse(null);
        read(project == null ? module.folder() : PathNames.join(project, RESOURCES), values, run);
        boolean web = project == null || web(project, run);
        profiled(values, run);
        String type = values.get("spring.main.web-application-type");
        // Who sets the port of the web server means to have one, whichever library brings it.
        boolean said = values.containsKey("server.port") || values.containsKey("quarkus.http.port");
        return new JavaProperties(values, (web || said) && !"none".equalsIgnoreCase(type));
    }

    /** Quarkus keeps the settings of a profile beside the others, as {@code %prod.quarkus.http.port}; prod is the usual one. */
    private static void profiled(Map<String, String> values, Interpreter run) {
        String given = Values.text(run.given("QUARKUS_PROFILE"));
        String prefix = "%" + (given == null ? values.getOrDefault("quarkus.profile", "prod") : given) + ".";
        Map.copyOf(values).forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                values.put(name.substring(prefix.length()), value);
            }
        });
    }

    /** True where settings that are not read may overrule these. */
    boolean open() {
        return values.containsKey(REMOTE);
    }

    @Nullable
    String get(String name) {
        return values.get(name);
    }

    private static boolean web(String folder, Interpreter run) {
        List<String> builds = Stream.of("pom.xml", "build.gradle", "build.gradle.kts")
                .flatMap(name -> Stream.ofNullable(run.modules.text(PathNames.join(folder, name))))
                .toList();
        return builds.isEmpty() || builds.stream().anyMatch(text -> WEB.stream().anyMatch(text::contains));
    }

    private static void read(String folder, Map<String, String> values, Interpreter run) {
        read(folder, "application", values, run);
        Set<String> taken = new HashSet<>();
        for (int depth = 0; depth < DEEPEST; depth++) {
            // A profile may activate others (spring.profiles.include); the last one wins.
            boolean more = false;
            for (String profile : profiles(values, run)) {
                if (taken.add(profile)) {
                    read(folder, "application-" + profile, values, run);
                    more = true;
                }
            }
            if (!more) {
                break;
            }
        }
        boolean remote = ELSEWHERE.stream()
                        .anyMatch(
                                name -> run.given(name.toUpperCase(Locale.ROOT).replace('.', '_')) != null
                                        || Options.passed(run.start.arguments(), name) != null)
                || values.entrySet().stream()
                        .anyMatch(one -> (one.getKey().startsWith("spring.config.import")
                                        && one.getValue().contains("configserver:"))
                                || one.getKey().startsWith("spring.cloud.config.uri"));
        if (remote || run.modules.text(PathNames.join(folder, "bootstrap.yml")) != null) {
            values.put(REMOTE, "true");
        }
    }

    /** The active profiles, by the command line, the environment, or the settings themselves. */
    private static List<String> profiles(Map<String, String> values, Interpreter run) {
        String passed = Values.text(Options.passed(run.start.arguments(), "spring.profiles.active"));
        String given = Values.text(run.given("SPRING_PROFILES_ACTIVE"));
        String active =
                passed != null ? passed : given != null ? given : values.getOrDefault("spring.profiles.active", "");
        String all = active + "," + values.getOrDefault("spring.profiles.include", "");
        return Stream.of(all.split(","))
                .map(String::strip)
                .filter(profile -> profile.matches("[\\w.-]{1,100}"))
                .toList();
    }

    private static void read(String folder, String name, Map<String, String> values, Interpreter run) {
        for (String suffix : List.of(".yml", ".yaml", ".properties")) {
            String text = run.modules.text(PathNames.join(folder, name + suffix));
            if (text != null && suffix.equals(".properties")) {
                properties(text, values);
            } else if (text != null) {
                yaml(text, values, run);
            }
        }
    }

    private static void properties(String text, Map<String, String> values) {
        text.lines().limit(MOST_LINES).forEach(line -> {
            String plain = line.strip();
            int at = plain.indexOf('=') < 0 ? plain.indexOf(':') : plain.indexOf('=');
            if (at > 0 && !plain.startsWith("#") && !plain.startsWith("!")) {
                values.put(
                        plain.substring(0, at).strip(), plain.substring(at + 1).strip());
            }
        });
    }

    /** Every document in order; one that is meant for a profile only where that is active. */
    private static void yaml(String text, Map<String, String> values, Interpreter run) {
        if (!(READER.parseAll(text, "application.yml") instanceof YamlDocuments.Parsed parsed)) {
            // Settings that cannot be read leave the port open.
            values.put(REMOTE, "true");
            return;
        }
        for (YamlNode document : parsed.roots()) {
            Map<String, String> read = new HashMap<>();
            flatten("", document, read);
            String only =
                    read.getOrDefault("spring.config.activate.on-profile", read.getOrDefault("spring.profiles", ""));
            if (only.isEmpty() || profiles(values, run).contains(only)) {
                values.putAll(read);
            }
        }
    }

    private static void flatten(String prefix, YamlNode node, Map<String, String> into) {
        switch (node) {
            case YamlNode.Mapping map ->
                map.entries()
                        .forEach(one ->
                                flatten(prefix.isEmpty() ? one.key() : prefix + "." + one.key(), one.value(), into));
            case YamlNode.Sequence list ->
                into.put(prefix, list.items().stream().map(JavaProperties::text).collect(joining(",")));
            case YamlNode.Scalar scalar when scalar.isNull() -> {}
            case YamlNode.Scalar _, YamlNode.Elsewhere _ -> into.put(prefix, text(node));
        }
    }

    private static String text(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    }

    /** {@code ${PORT:8081}} is 8081 unless PORT says otherwise; a plain value is overruled by its own variable. */
    static Value placeholder(String text, @Nullable String variable, Interpreter run) {
        Matcher matcher = PLACEHOLDER.matcher(text);
        if (!matcher.find()) {
            return new Value.Scalar(text, variable, variable != null);
        }
        String name = matcher.group(1);
        String standard = matcher.group(2);
        if (!matcher.matches()) {
            return Values.unknown("it is put together from properties");
        }
        Value given = run.given(name);
        if (given != null) {
            return given;
        }
        return standard == null
                ? new Value.Unknown("the property " + name + " decides and has no default", name)
                : new Value.Scalar(standard, name, true);
    }
}
