package dev.panoptes.integrity.declared;

import dev.panoptes.core.issue.Evidence;
import dev.panoptes.integrity.declared.ContainerPorts.Bound;
import dev.panoptes.integrity.declared.ContainerPorts.Listening;
import dev.panoptes.integrity.declared.ServiceImages.Image;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What PHP's own image listens on: 9000 with FPM, 80 with Apache (Docker Hub, "php"), where nothing is copied, mounted or run that
 * may say another port.
 */
final class PhpPorts {
    private static final Pattern FPM = Pattern.compile("(?:\\S*/)?php-fpm(?: -F| --nodaemonize| -R)*");
    private static final Pattern APACHE = Pattern.compile("(?:\\S*/)?apache2-foreground");
    private static final Pattern MOVES = Pattern.compile(
            "php-fpm\\.d|php-fpm\\.conf|www\\.conf|zz-docker|listen|apache2|ports\\.conf|000-default|Listen|a2ensite|a2enmod\\s[^&;|]*ssl|:8\\d\\d\\d");

    /** Settings of PHP itself, as opposed to those of its servers. */
    private static final Pattern SETTINGS = Pattern.compile("/usr/local/etc/php(/.*)?");

    private PhpPorts() {}

    /** @param started what is started; null for the image's own command */
    static Optional<Listening> of(
            ComposeFile.Service service, Image built, @Nullable String started, ContainerEnvironment environment) {
        Dockerfile.Stage stage = built.stage();
        Dockerfile dockerfile = built.dockerfile();
        String image = stage == null ? service.build() == null ? service.image() : null : stage.base();
        if (image == null
                || !BaseImages.name(image).equals("php")
                || environment.known().containsKey("APACHE_PORT")) {
            return Optional.empty();
        }
        String tag = BaseImages.tag(image);
        boolean fpm = tag.matches("(.*-)?fpm(-.*)?");
        boolean apache = tag.matches("(.*-)?apache(-.*)?");
        String start = started == null ? null : started.strip();
        boolean plain = start == null || (fpm ? FPM : APACHE).matcher(start).matches();
        boolean moved = (stage != null
                        && (stage.runs().stream()
                                        .anyMatch(
                                                run -> MOVES.matcher(run.text()).find())
                                || stage.copies().stream().anyMatch(copy -> moves(copy.destination()))))
                || service.mounts().stream().anyMatch(mount -> moves(mount.target()));
        if ((!fpm && !apache) || !plain || moved) {
            return Optional.empty();
        }
        Evidence evidence = dockerfile == null
                ? new Evidence("compose", service.file(), service.line(), "image: " + image)
                : new Evidence("dockerfile", dockerfile.rootPath(), 1, "FROM " + image);
        return Optional.of(new Listening.On(List.of(new Bound(fpm ? 9000 : 80, evidence, "0.0.0.0")), null, null));
    }

    private static boolean moves(String target) {
        return !SETTINGS.matcher(target).matches()
                && (ContainerPath.below("/usr/local/etc", target) != null
                        || ContainerPath.below("/etc/apache2", target) != null
                        || ContainerPath.below(target, "/etc/apache2") != null
                        || target.startsWith("?!"));
    }
}
