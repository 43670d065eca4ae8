package dev.panoptes.integrity.checks;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.ComposeFile;
import dev.panoptes.integrity.declared.ComposeFile.Upstream;
import dev.panoptes.integrity.declared.SpringActuator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Jobs of Prometheus that ask for {@code /actuator} (Prometheus, {@code scrape_config}). */
final class ActuatorScrapes {
    private static final Pattern FILE = Pattern.compile("(?i)(.*[/.-])?prom(etheus)?[\\w.-]*\\.ya?ml");
    private static final Pattern JOB = Pattern.compile("\\s*-\\s+job_name:.*");
    private static final Pattern PATH = Pattern.compile("\\s*metrics_path:\\s*[\"']?/actuator/.*");

    private ActuatorScrapes() {}

    /**
     * The port of its own that serves the actuator, where a job asks another; null where nothing says so.
     *
     * @param listens where the container's program says its ports
     */
    static @Nullable Integer instead(
            ComposeView view, ComposeFile.Service target, Upstream upstream, List<Evidence> listens) {
        String text = FILE.matcher(upstream.file()).matches()
                ? view.declarations().code().text(upstream.file())
                : null;
        if (text == null || !asksActuator(text.lines().toList(), upstream.line() - 1)) {
            return null;
        }
        Integer own = listens.stream()
                .map(Evidence::file)
                .filter(file -> file != null && file.contains("src/main/java/"))
                .findFirst()
                .map(program -> SpringActuator.ownPort(
                        view.declarations(), program, view.containers().variables(target)))
                .orElse(null);
        return own == null || own == upstream.port() ? null : own;
    }

    /** True where the job of this line says that path. */
    private static boolean asksActuator(List<String> lines, int at) {
        int from = Math.min(at, lines.size() - 1);
        while (from >= 0 && !JOB.matcher(lines.get(from)).matches()) {
            from--;
        }
        for (int i = from + 1; from >= 0 && i < lines.size(); i++) {
            Matcher job = JOB.matcher(lines.get(i));
            if (job.matches()) {
                return false;
            }
            if (PATH.matcher(lines.get(i)).matches()) {
                return true;
            }
        }
        return false;
    }
}
