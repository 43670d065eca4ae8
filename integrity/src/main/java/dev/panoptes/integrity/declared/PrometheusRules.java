package dev.panoptes.integrity.declared;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.core.text.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rules that a mounted configuration of Prometheus reads ({@code rule_files}, relative to the configuration) and that no mount brings
 * into its container. Prometheus starts without them and never alerts.
 */
public final class PrometheusRules {
    private static final Set<String> IMAGES = Set.of("prom/prometheus", "quay.io/prometheus/prometheus");
    private static final String USUAL = "/etc/prometheus/prometheus.yml";
    private static final int MOST = 50;
    private static final Pattern CONFIGURED = Pattern.compile("--config\\.file=(\\S+)");
    private static final Pattern ITEM = Pattern.compile("\\s*-\\s*[\"']?([\\w./*?-]{1,300})[\"']?\\s*(?:#.*)?");

    private PrometheusRules() {}

    /** @param beside rootPath of what lies beside the configuration and is meant; null where nothing there is called so */
    public record Unmounted(String written, @Nullable String beside, Evidence evidence) {}

    /** Empty for other images, and where all that is read is mounted or nothing is known of it. */
    public static List<Unmounted> of(ComposeFile.Service service, Declarations declarations) {
        String image = service.image();
        if (image == null
                || service.build() != null
                || service.entrypoint() != null
                || !IMAGES.contains(BaseImages.name(image))
                || String.valueOf(declarations.code().text(service.file())).contains("configs:")) {
            return List.of();
        }
        Invocation command = service.command();
        Matcher configured = CONFIGURED.matcher(command == null ? "" : String.join(" ", command.words()));
        String path = configured.find() ? configured.group(1) : USUAL;
        for (ComposeFile.Mount mount : service.mounts()) {
            String place = mount.target().equals(path) ? mount.sourceInTree() : null;
            String text = place == null ? null : declarations.code().text(place);
            if (place != null && text != null) {
                return read(service, declarations, path, place, text);
            }
        }
        return List.of();
    }

    private static List<Unmounted> read(
            ComposeFile.Service service, Declarations declarations, String path, String place, String text) {
        List<Unmounted> unmounted = new ArrayList<>();
        String[] lines = Lines.of(text);
        boolean within = false;
        for (int i = 0; i < lines.length && unmounted.size() < MOST; i++) {
            within = lines[i].matches("rule_files:\\s*(#.*)?") || (within && lines[i].matches("(\\s|-|#).*|"));
            Matcher item = ITEM.matcher(within ? lines[i] : "");
            if (!item.matches()) {
                continue;
            }
            String folder = path.substring(0, Math.max(1, path.lastIndexOf('/')));
            String file = ContainerPath.resolve(folder, item.group(1));
            String fixed = file.replaceFirst("/[^/]*[*?].*", "");
            boolean mounted = service.mounts().stream()
                    .anyMatch(mount -> ContainerPath.below(mount.target(), fixed) != null
                            || ContainerPath.below(fixed, mount.target()) != null);
            if (!mounted) {
                String relative = ContainerPath.below(folder, fixed);
                String parent = HostProcessReader.folder(place);
                String beside = relative == null ? null : HostProcessReader.below(parent, relative);
                boolean there = beside != null
                        && declarations.paths().below(beside) instanceof DeployedPath.Below below
                        && below.exists();
                unmounted.add(new Unmounted(
                        item.group(1),
                        there ? beside : null,
                        new Evidence("compose", place, i + 1, "rule_files " + item.group(1))));
            }
        }
        return unmounted;
    }
}
