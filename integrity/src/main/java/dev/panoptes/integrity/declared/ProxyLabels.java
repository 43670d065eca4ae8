package dev.panoptes.integrity.declared;

import dev.panoptes.integrity.declared.ComposeVariables.Replaced;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Labels of a service that tell a proxy to which port of its container it leads: those of Traefik's Docker provider ("Services",
 * {@code loadbalancer.server.port}) and of caddy-docker-proxy ({@code {{upstreams 8080}}}).
 */
final class ProxyLabels {
    private static final int MOST = 200;
    private static final Pattern LABEL = Pattern.compile(
            "(?i)traefik\\.(?:http|tcp)\\.services\\.[^.=]+\\.loadbalancer\\.server\\.port\\s*=\\s*([0-9]{1,5})\\s*"
                    + "|caddy[^=]*\\.(?:[0-9]+_)?reverse_proxy\\s*=.*\\{\\{\\s*upstreams\\s+([0-9]{1,5})\\s*}}.*");

    private ProxyLabels() {}

    /** @param replaced the text of a scalar with its variables replaced; null for what is none */
    static List<ComposeFile.LedPort> read(
            ServiceLayers layers, Function<@Nullable YamlNode, @Nullable Replaced> replaced) {
        List<ComposeFile.LedPort> led = new ArrayList<>();
        layers.all("labels").forEach(labels -> read(labels, replaced, led));
        for (YamlNode deploy : layers.all("deploy")) {
            YamlNode labels = deploy instanceof YamlNode.Fields fields ? fields.get("labels") : null;
            if (labels != null) {
                read(labels, replaced, led);
            }
        }
        return led;
    }

    private static void read(
            YamlNode labels,
            Function<@Nullable YamlNode, @Nullable Replaced> replaced,
            List<ComposeFile.LedPort> into) {
        if (labels instanceof YamlNode.Fields fields) {
            fields.entries(MOST)
                    .values()
                    .forEach(field -> add(field.key().text() + "=", field.value(), replaced, into));
        } else if (labels instanceof YamlNode.Items items) {
            items.items()
                    .subList(0, Math.min(items.items().size(), MOST))
                    .forEach(item -> add("", item, replaced, into));
        }
    }

    private static void add(
            String key,
            YamlNode at,
            Function<@Nullable YamlNode, @Nullable Replaced> replaced,
            List<ComposeFile.LedPort> into) {
        Replaced text = at instanceof YamlNode.Scalar ? replaced.apply(at) : null;
        Matcher label = LABEL.matcher(text == null || !text.isKnown() ? "" : key + text.value());
        if (label.matches()) {
            String port = label.group(1) == null ? label.group(2) : label.group(1);
            into.add(new ComposeFile.LedPort(
                    Integer.parseInt(port), at.file(), at.line(), label.group().strip()));
        }
    }
}
