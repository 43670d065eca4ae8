package dev.panoptes.integrity.fleet;

import dev.panoptes.core.yaml.Problem;
import dev.panoptes.core.yaml.Problems;
import dev.panoptes.core.yaml.YamlFields;
import dev.panoptes.core.yaml.YamlNode;
import dev.panoptes.core.yaml.YamlReader;
import dev.panoptes.core.yaml.YamlResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The profiles that are shipped with the program: the files of {@code profiles/}. */
public final class ProfileLoader {
    private static final String FOLDER = "/profiles/";

    private final YamlReader yaml = new YamlReader();

    /** What {@code --profile} takes, in the order in which they are tried. */
    public List<String> names() {
        Problems problems = new Problems(FOLDER + "index.yaml");
        List<String> names = fields("index", problems).texts("profiles");
        refuse(problems.all());
        return names;
    }

    /** The profile of this name; empty where none is called so. */
    public Optional<Profile> load(String name) {
        if (!names().contains(name)) {
            return Optional.empty();
        }
        Problems problems = new Problems(FOLDER + name + ".yaml");
        YamlFields fields = fields(name, problems);
        Profile profile = new Profile(
                name,
                fields.plainText("registry"),
                fields.plainText("agents_path"),
                fields.plainText("unit_pattern"),
                fields.texts("core_agents"),
                fields.plainText("hermes_url"),
                fields.plainText("event_bus_url"),
                fields.plainText("heartbeat_dir"),
                fields.plainText("launch_date"));
        refuse(problems.all());
        return Optional.of(profile);
    }

    private YamlFields fields(String name, Problems problems) {
        String file = FOLDER + name + ".yaml";
        if (yaml.parse(bytes(file), file) instanceof YamlResult.Parsed(var digest, var root, var found)
                && root instanceof YamlNode.Mapping map
                && found.isEmpty()) {
            return new YamlFields(map, "the profile", problems);
        }
        throw new IllegalStateException(file + " is shipped and must be a map without problems");
    }

    private static byte[] bytes(String file) {
        try (InputStream in = ProfileLoader.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in the program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void refuse(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new IllegalStateException(problems.getFirst().text());
        }
    }
}
