package dev.panoptes.server.config;

import dev.panoptes.core.yaml.Problem;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import dev.panoptes.integrity.fleet.Profile;
import dev.panoptes.integrity.fleet.ProfileLoader;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gathers settings, the strongest first: command line, {@code PANOPTES_*}, the original names, {@code conf.d/*.yaml} beside
 * the file in reverse order of name, the file, the named profile's services, defaults. Every problem of all of them is told at once.
 */
public final class ConfigurationLoader {
    private static final Path USUAL_FILE = Path.of("/etc/panoptes/panoptes.yaml");
    private static final String FROM_FILE = "_FILE";

    /** Variables of the launcher and the commands, which are no settings of the server. */
    private static final Set<String> OTHER_VARIABLES = Set.of(
            "PANOPTES_CONFIG",
            "PANOPTES_LOG",
            "PANOPTES_DEBUG",
            "PANOPTES_JAVA_OPTIONS",
            "PANOPTES_TOKEN",
            "PANOPTES_TOKEN_FILE");

    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final Map<String, Written> written = new LinkedHashMap<>();

    private record Written(String text, String source) {}

    private ConfigurationLoader(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * @param file of {@code --config}; null: {@code PANOPTES_CONFIG}, else {@code /etc/panoptes/panoptes.yaml} where it exists
     * @param options of the command line, by key; the name of the option is the key with {@code --} and dashes
     */
    public static ConfigurationResult load(
            @Nullable Path file, Map<String, String> environment, Map<String, String> options) {
        ConfigurationLoader loader = new ConfigurationLoader(environment);
        loader.readFiles(file);
        loader.readEnvironment();
        options.forEach((key, value) -> loader.written.put(
                key, new Written(value, "--" + key.replace('_', '-').replace('.', '-'))));
        return loader.result();
    }

    /**
     * The files that {@link #load} reads, in the order in which the later ones win.
     *
     * @throws IOException where {@code conf.d} cannot be listed
     */
    public static List<Path> files(@Nullable Path given, Map<String, String> environment) throws IOException {
        String variable = environment.getOrDefault("PANOPTES_CONFIG", "");
        boolean asked = given != null || !variable.isEmpty();
        Path file = given != null ? given : variable.isEmpty() ? USUAL_FILE : Path.of(variable);
        List<Path> files = new ArrayList<>();
        if (asked || Files.exists(file)) {
            files.add(file);
        }
        Path directory = file.resolveSibling("conf.d");
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.{yaml,yml}")) {
                Set<Path> parts = new TreeSet<>();
                all.forEach(parts::add);
                files.addAll(parts);
            } catch (IOException e) {
                throw new IOException(directory + ": cannot be listed: " + e.getMessage(), e);
            }
        }
        return files;
    }

    private void readFiles(@Nullable Path given) {
        try {
            files(given, environment).forEach(this::readFile);
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private void readFile(Path file) {
        switch (new YamlReader().read(file, file.toString())) {
            case YamlResult.Absent() -> problems.add(file + ": there is no such file");
            case YamlResult.Broken(List<Problem> broken) -> broken.forEach(each -> problems.add(each.text()));
            case YamlResult.Parsed parsed -> {
                parsed.problems().forEach(each -> problems.add(each.text()));
                YamlNode root = parsed.root();
                if (root instanceof YamlNode.Mapping mapping) {
                    read(file, "", mapping);
                } else if (root != null && !(root instanceof YamlNode.Scalar scalar && scalar.isNull())) {
                    problems.add(file + ": is " + root.kind() + ", not a map of settings");
                }
            }
        }
    }

    private void read(Path file, String prefix, YamlNode.Mapping mapping) {
        for (YamlNode.Entry entry : mapping.entries()) {
            String key = prefix + entry.key();
            String place = file + ":" + entry.location().line();
            boolean known = setting(key).isPresent();
            boolean group = Settings.ALL.stream().anyMatch(each -> each.key().startsWith(key + "."));
            switch (entry.value()) {
                case YamlNode.Mapping nested when group -> read(file, key + ".", nested);
                case YamlNode.Scalar scalar
                when known -> {
                    if (!scalar.isNull()) {
                        written.put(key, new Written(scalar.text(), place));
                    }
                }
                case YamlNode node
                when known || group ->
                    problems.add(place + ": " + key + " is " + node.kind() + ", not "
                            + (known ? setting(key).orElseThrow().kind().words() : "a map"));
                case YamlNode _ -> problems.add(place + ": there is no setting " + key + nearest(key));
            }
        }
    }

    private void readEnvironment() {
        Set<String> known = Settings.ALL.stream()
                .flatMap(setting -> setting.variables().stream())
                .collect(Collectors.toSet());
        for (Setting<?> setting : Settings.ALL) {
            for (String name : setting.variables().reversed()) {
                String value = environment.getOrDefault(name, "");
                if (!value.isEmpty()) {
                    written.put(setting.key(), new Written(value, name));
                } else if (setting.secret() && environment.containsKey(name + FROM_FILE)) {
                    readSecret(setting, name + FROM_FILE);
                }
            }
        }
        for (String name : new TreeSet<>(environment.keySet())) {
            String plain = name.endsWith(FROM_FILE) ? name.substring(0, name.length() - FROM_FILE.length()) : name;
            if (name.startsWith("PANOPTES_") && !known.contains(plain) && !OTHER_VARIABLES.contains(name)) {
                // Not refused: orchestrators set variables of this shape for services that are called panoptes.
                notices.add("the variable " + name + " sets nothing");
            }
        }
    }

    private void readSecret(Setting<?> setting, String variable) {
        try {
            String value = Files.readString(Path.of(environment.getOrDefault(variable, "")))
                    .strip();
            written.put(setting.key(), new Written(value, variable));
        } catch (IOException e) {
            problems.add(variable + ": the file it names cannot be read");
        }
    }

    /** What the named profile says of services; weaker than everything that somebody set here. */
    private void readProfile() {
        Written named = written.get(Settings.PROFILE.key());
        Profile profile = named == null
                ? Profile.NONE
                : new ProfileLoader().load(named.text()).orElse(Profile.NONE);
        otherwise(Settings.HERMES_URL, profile.hermesUrl(), profile);
        otherwise(Settings.EVENT_BUS_URL, profile.eventBusUrl(), profile);
        otherwise(Settings.LAUNCH_DATE, profile.launchDate(), profile);
    }

    private void otherwise(Setting<?> setting, @Nullable String value, Profile profile) {
        if (value != null) {
            written.putIfAbsent(setting.key(), new Written(value, "profile " + profile.name()));
        }
    }

    private ConfigurationResult result() {
        readProfile();
        Map<Setting<?>, Configuration.Effective> values = new LinkedHashMap<>();
        for (Setting<?> setting : Settings.ALL) {
            Written from = written.get(setting.key());
            if (from == null && setting.otherwise() != null) {
                from = new Written(setting.otherwise(), Configuration.DEFAULT);
            }
            if (from == null) {
                continue;
            }
            Optional<?> value = setting.parse(from.text());
            if (value.isPresent()) {
                values.put(setting, new Configuration.Effective(value.get(), from.text(), from.source()));
            } else {
                problems.add(from.source() + ": " + setting.key() + " must be "
                        + setting.kind().words() + (setting.secret() ? "" : ", not " + quoted(from.text())));
            }
        }
        return problems.isEmpty()
                ? new ConfigurationResult.Loaded(new Configuration(values), notices)
                : new ConfigurationResult.Refused(problems);
    }

    private static String quoted(String text) {
        return "'" + (text.length() > 60 ? text.substring(0, 60) + "..." : text).replaceAll("\\p{Cntrl}", " ") + "'";
    }

    private static Optional<Setting<?>> setting(String key) {
        return Settings.ALL.stream().filter(each -> each.key().equals(key)).findFirst();
    }

    private static String nearest(String key) {
        String plain = key.replaceAll("[^a-z]", "");
        return Settings.ALL.stream()
                .map(Setting::key)
                .filter(each -> each.replaceAll("[^a-z]", "").equals(plain) || each.endsWith("." + key))
                .findFirst()
                .map(each -> "; did you mean " + each + "?")
                .orElse("");
    }
}
