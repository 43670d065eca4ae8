package dev.panoptes.integrity.declared;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.text.Lines;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What HAProxy's own image listens on: the {@code bind} lines of the configuration that is mounted where the image looks for it
 * (HAProxy, "Configuration Manual", 4.2), and nothing else. Variables, conditions and ports of other sections leave it open.
 */
final class HaproxyPorts {
    /** How evidence of a mounted configuration is called. */
    static final String SOURCE = "haproxy";

    private static final Set<String> IMAGES =
            Set.of("haproxy", "haproxytech/haproxy-alpine", "haproxytech/haproxy-debian", "haproxytech/haproxy-ubuntu");

    private static final String FOLDER = "/usr/local/etc/haproxy";
    private static final String NAME = "haproxy.cfg";
    private static final int MOST = 100;
    private static final Pattern BIND = Pattern.compile("\\s*bind\\s+(\\S{1,1000})(?:\\s.*)?");
    /** Lines that may open or move a port in another way. */
    private static final Pattern OTHERWISE = Pattern.compile(
            "\\s*(?:\\.\\w+.*|listen\\s+\\S+\\s+\\S*:\\d.*|frontend\\s+\\S+\\s+\\S*:\\d.*|peers\\s.*|peer\\s.*|program\\s.*|stats\\s+socket\\s+\\S*:\\d.*)");

    private static final Pattern ADDRESS =
            Pattern.compile("(?:(?:ipv4|ipv6|tcp4|tcp6|tcp)@)?([\\w.*\\[\\]:-]*):([0-9]{1,5})");

    private static final Pattern NO_PORT = Pattern.compile("/.*|(?:unix|abns|fd|sockpair|quic4|quic6)@.*");

    private HaproxyPorts() {}

    /** Empty for another image, and where no configuration is mounted that can be read. */
    static Optional<Listening> of(ComposeFile.Service service, Function<String, @Nullable String> text) {
        String image = service.image();
        if (image == null
                || service.build() != null
                || service.command() != null
                || service.entrypoint() != null
                || !IMAGES.contains(BaseImages.name(image))) {
            return Optional.empty();
        }
        for (ComposeFile.Mount mount : service.mounts()) {
            String place = mount.sourceInTree();
            String file = place == null
                    ? null
                    : mount.target().equals(FOLDER + "/" + NAME)
                            ? place
                            : mount.target().equals(FOLDER) ? place + "/" + NAME : null;
            String content = file == null ? null : text.apply(file);
            if (file != null && content != null) {
                return read(file, content);
            }
        }
        return Optional.empty();
    }

    private static Optional<Listening> read(String file, String content) {
        List<Bound> bounds = new ArrayList<>();
        boolean open = false;
        String[] lines = Lines.of(content);
        for (int i = 0; i < lines.length && bounds.size() < MOST; i++) {
            Matcher bind = BIND.matcher(lines[i]);
            open |= OTHERWISE.matcher(lines[i]).matches();
            if (bind.matches()) {
                Evidence evidence = new Evidence(SOURCE, file, i + 1, "bind " + bind.group(1));
                for (String address : bind.group(1).split(",")) {
                    Matcher at = ADDRESS.matcher(address);
                    if (at.matches()) {
                        bounds.add(new Bound(Integer.parseInt(at.group(2)), evidence, host(at.group(1))));
                    } else {
                        open |= !NO_PORT.matcher(address).matches();
                    }
                }
            }
        }
        return bounds.isEmpty()
                ? Optional.empty()
                : Optional.of(new Listening.On(
                        bounds,
                        null,
                        open || bounds.size() >= MOST ? file + " may open another port than by its bind lines" : null));
    }

    private static @Nullable String host(String written) {
        String host = written.replaceAll("[\\[\\]]", "");
        return host.isEmpty() || host.equals("*") ? "0.0.0.0" : host;
    }
}
