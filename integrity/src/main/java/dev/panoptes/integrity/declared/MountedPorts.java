package dev.panoptes.integrity.declared;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which ports the configuration names that is mounted over that of a pulled image: {@code listen 80}, {@code port = 3307}. */
final class MountedPorts {
    private static final int MOST = 50;
    private static final int LONGEST = 512 * 1024;
    private static final Pattern SAID = Pattern.compile(
            "(?im)(?:^|[;{])[ \\t-]*[\"']?(?:listen(?:er)?|bind[\\w-]*|[\\w.-]*addr(?:ess)?|[\\w.-]*port)[\"']?[ \\t]*[:= \\t][ \\t]*"
                    + "[\"']?(?:[\\w.*\\[\\]-]*:){0,9}(\\d{2,5})\\b|<\\w*port>(\\d{2,5})</");
    /** What images call the file in a folder that is mounted whole. */
    private static final List<String> USUAL = List.of(
            "nginx.conf",
            "default.conf",
            "mosquitto.conf",
            "redis.conf",
            "my.cnf",
            "postgresql.conf",
            "grafana.ini",
            "traefik.yml",
            "config.yml",
            "config.yaml");

    private MountedPorts() {}

    /** Empty where nothing is mounted there, or it cannot be read. */
    static SequencedSet<Integer> of(
            ComposeFile.Service service, List<String> folders, Function<String, @Nullable String> text) {
        SequencedSet<Integer> ports = new LinkedHashSet<>();
        for (ComposeFile.Mount mount : service.mounts()) {
            String place = mount.sourceInTree();
            boolean configures = folders.stream()
                    .anyMatch(folder -> ContainerPath.below(folder, mount.target()) != null
                            || ContainerPath.below(mount.target(), folder) != null);
            if (place == null || place.isEmpty() || !configures) {
                continue;
            }
            add(text.apply(place), ports);
            USUAL.forEach(name -> add(text.apply(place + "/" + name), ports));
        }
        return ports;
    }

    private static void add(@Nullable String text, SequencedSet<Integer> into) {
        Matcher said = SAID.matcher(text == null || text.length() > LONGEST ? "" : text);
        while (said.find() && into.size() < MOST) {
            into.add(Integer.valueOf(said.group(1) == null ? said.group(2) : said.group(1)));
        }
    }
}
