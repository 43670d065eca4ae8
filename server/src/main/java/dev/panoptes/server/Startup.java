package dev.panoptes.server;

import dev.panoptes.integrity.kubernetes.ClusterAccess;
import dev.panoptes.integrity.kubernetes.ClusterReader;
import dev.panoptes.integrity.kubernetes.ClusterSource;
import dev.panoptes.integrity.kubernetes.ClusterWatcher;
import dev.panoptes.integrity.kubernetes.InCluster;
import dev.panoptes.integrity.kubernetes.Kubeconfig;
import dev.panoptes.server.alerts.Alerts;
import dev.panoptes.server.alerts.Announcer;
import dev.panoptes.server.alerts.channel.AlertmanagerChannel;
import dev.panoptes.server.alerts.channel.Channel;
import dev.panoptes.server.alerts.channel.EventBusChannel;
import dev.panoptes.server.alerts.channel.HermesChannel;
import dev.panoptes.server.alerts.channel.OpenIssues;
import dev.panoptes.server.alerts.channel.Sender;
import dev.panoptes.server.alerts.channel.WebhookChannel;
import dev.panoptes.server.config.Configuration;
import dev.panoptes.server.config.ListenAddress;
import dev.panoptes.server.config.Settings;
import dev.panoptes.server.feature.FeatureContext;
import dev.panoptes.server.health.Component;
import dev.panoptes.server.http.HttpSettings;
import dev.panoptes.server.life.CannotStart;
import dev.panoptes.server.oidc.OidcSettings;
import dev.panoptes.server.scans.Fleet;
import dev.panoptes.server.storage.Database;
import dev.panoptes.server.storage.Storage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** What must hold between settings, before anything is started. */
final class Startup {
    private static final int SHORTEST_SECRET_BYTES = 32;
    private static final int SHORTEST_WEBHOOK_SECRET = 16;
    /** Two seconds of the ten that a stop may take are left for the database. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(7);

    private Startup() {}

    /** @param warnings for the log, once everything runs */
    record Checked(HttpSettings http, List<String> warnings) {}

    /** @throws CannotStart with every contradiction at once */
    static Checked check(Configuration configuration) throws CannotStart {
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        ListenAddress listen = configuration.get(Settings.LISTEN);
        HttpSettings.Tls tls = tls(configuration, problems);
        boolean openLoopback = configuration.get(Settings.OPEN_LOOPBACK);
        if (openLoopback && tls != null) {
            problems.add("compat.open_loopback cannot be used together with TLS; give the callers tokens");
        }
        if (openLoopback && !configuration.get(Settings.TRUSTED_PROXIES).isEmpty()) {
            problems.add(
                    "compat.open_loopback cannot be used together with http.trusted_proxies: whoever comes through the"
                            + " proxy would be an operator; give the callers tokens");
        }
        checkSecret(configuration, problems);
        checkWebhook(configuration, problems);
        problems.addAll(OidcSettings.problems(configuration));
        if (!problems.isEmpty()) {
            throw new CannotStart(String.join("\n", problems));
        }
        if (tls == null && !listen.loopback()) {
            warnings.add("listening on " + listen + " without TLS: tokens and passwords can be read on the way;"
                    + " set tls.certificate and tls.key, or put a proxy with TLS before it");
        }
        if (openLoopback) {
            warnings.add(
                    "compat.open_loopback is on: every program on this machine is an operator, and everybody whom a"
                            + " proxy on this machine lets through without saying for whom it speaks");
        }
        HttpSettings http = new HttpSettings(
                listen.address(),
                listen.port(),
                tls,
                configuration.get(Settings.ANONYMOUS_READ),
                configuration.get(Settings.REQUESTS_PER_SECOND),
                configuration.get(Settings.REQUEST_HEAD),
                SHUTDOWN,
                configuration.get(Settings.TRUSTED_PROXIES),
                configuration.get(Settings.CORS_ORIGINS));
        return new Checked(http, warnings);
    }

    /** Which fleet is scanned. */
    static Fleet fleet(Configuration configuration, Storage storage, ServerOptions options, ClusterSource cluster) {
        boolean observe = switch (configuration.get(Settings.OBSERVE_LOCAL)) {
            case AUTO -> storage.embedded();
            case TRUE -> true;
            case FALSE -> false;
        };
        return new Fleet(
                configuration.find(Settings.REGISTRY).orElse(null),
                configuration.find(Settings.AGENTS_PATH).orElse(null),
                configuration.find(Settings.ROOT).orElse(null),
                configuration.find(Settings.DEPLOYED_AT).orElse(null),
                configuration.find(Settings.PROFILE).orElse(null),
                observe,
                storage.directory().path().resolve("cache"),
                configuration.get(Settings.PROBE_TIMEOUT),
                configuration.get(Settings.SCAN_DEADLINE),
                fresh(configuration),
                Path.of(options.environment().getOrDefault("HOME", "/")),
                options.directory(),
                options.environment(),
                cluster);
    }

    /** Who tells what runs in a Kubernetes cluster; one that cannot be asked says why to whoever wants to know. */
    static ClusterSource cluster(FeatureContext context, ServerOptions options) {
        Configuration configuration = context.configuration();
        Optional<Path> file = configuration.find(Settings.KUBECONFIG);
        Settings.AskCluster ask = configuration.get(Settings.KUBERNETES);
        if (ask == Settings.AskCluster.FALSE) {
            return ClusterReader.unusable("No cluster is asked: kubernetes.enabled is false");
        }
        if (ask == Settings.AskCluster.AUTO && file.isEmpty() && !InCluster.isHere(options.environment())) {
            return ClusterReader.unusable(
                    "No cluster is asked: the server runs in none, and kubernetes.kubeconfig is not set");
        }
        ClusterAccess.Result access = file.isPresent()
                ? Kubeconfig.read(
                        List.of(options.directory().resolve(file.get())),
                        configuration.find(Settings.KUBE_CONTEXT).orElse(null))
                : InCluster.read(options.environment());
        return switch (access) {
            case ClusterAccess.Result.Usable(ClusterAccess usable) ->
                context.closing().add(new ClusterWatcher(usable, context.clock()));
            case ClusterAccess.Result.Unusable(String reason) -> ClusterReader.unusable(reason);
        };
    }

    /** A snapshot that is older than three intervals is stale, and so is its host. */
    private static final int INTERVALS_UNTIL_LOST = 3;

    static Alerts.Policy alertPolicy(Configuration configuration) {
        return new Alerts.Policy(
                configuration.get(Settings.ALERT_GROUPING),
                configuration.get(Settings.ALERT_SEVERITY),
                fresh(configuration));
    }

    /** How old the last scan may be before it says nothing about now. */
    static Duration fresh(Configuration configuration) {
        return configuration.get(Settings.WATCH_INTERVAL).multipliedBy(INTERVALS_UNTIL_LOST);
    }

    /** The parts of the original contract that exist, and the database. */
    static List<Component> infrastructure(
            Announcer announcer,
            Database database,
            Supplier<Component.State> telemetry,
            Supplier<Component.State> fusion) {
        return List.of(
                new Component("eventbus", () -> announcer.state(EventBusChannel.NAME)),
                new Component("wal_processor", telemetry),
                new Component("fusion_engine", fusion),
                // Who reads this was answered by it.
                new Component("web_dashboard", () -> Component.State.HEALTHY),
                new Component(
                        "database", () -> database.answers() ? Component.State.HEALTHY : Component.State.UNHEALTHY));
    }

    /** The operating system of the server's host, in lower case. */
    static String platform() {
        return System.getProperty("os.name", "unknown").toLowerCase(Locale.ROOT);
    }

    /** Every channel that is configured. */
    static List<Channel> channels(Configuration configuration, Sender sender, OpenIssues open, InstantSource clock) {
        List<Channel> channels = new ArrayList<>();
        configuration.find(Settings.HERMES_URL).ifPresent(url -> channels.add(new HermesChannel(sender, url)));
        configuration.find(Settings.EVENT_BUS_URL).ifPresent(url -> channels.add(new EventBusChannel(sender, url)));
        configuration
                .find(Settings.WEBHOOK_URL)
                .ifPresent(url -> channels.add(new WebhookChannel(
                        sender, url, configuration.find(Settings.WEBHOOK_SECRET).orElseThrow(), clock)));
        configuration
                .find(Settings.ALERTMANAGER_URL)
                .ifPresent(
                        url -> channels.add(new AlertmanagerChannel(sender, url, open, pages(configuration), clock)));
        return channels;
    }

    /** Where people find this server, as far as its settings tell. */
    private static URI pages(Configuration configuration) {
        return configuration
                .find(Settings.PUBLIC_URL)
                .or(() -> configuration.find(Settings.SERVER_URL))
                .orElseGet(() -> {
                    String scheme = configuration.find(Settings.TLS_CERTIFICATE).isPresent() ? "https" : "http";
                    return URI.create(scheme + "://" + configuration.get(Settings.LISTEN));
                });
    }

    private static HttpSettings.@org.jspecify.annotations.Nullable Tls tls(
            Configuration configuration, List<String> problems) {
        Optional<Path> certificate = configuration.find(Settings.TLS_CERTIFICATE);
        Optional<Path> key = configuration.find(Settings.TLS_KEY);
        if (certificate.isPresent() != key.isPresent()) {
            problems.add("tls.certificate and tls.key must be set together");
        }
        return certificate.isPresent() && key.isPresent() ? new HttpSettings.Tls(certificate.get(), key.get()) : null;
    }

    private static void checkWebhook(Configuration configuration, List<String> problems) {
        Optional<String> secret = configuration.find(Settings.WEBHOOK_SECRET);
        if (configuration.find(Settings.WEBHOOK_URL).isPresent() != secret.isPresent()) {
            problems.add("alerts.webhook.url and alerts.webhook.secret must be set together");
        } else if (secret.isPresent() && secret.get().length() < SHORTEST_WEBHOOK_SECRET) {
            problems.add("alerts.webhook.secret is shorter than " + SHORTEST_WEBHOOK_SECRET
                    + " characters; make one with: openssl rand -base64 24");
        }
    }

    private static void checkSecret(Configuration configuration, List<String> problems) {
        Optional<String> secret = configuration.find(Settings.JWT_SECRET);
        if (secret.isPresent() && secret.get().getBytes(StandardCharsets.UTF_8).length < SHORTEST_SECRET_BYTES) {
            problems.add("JWT_SECRET is shorter than " + SHORTEST_SECRET_BYTES
                    + " bytes; make one with: openssl rand -base64 48");
        }
        if (secret.isEmpty() && configuration.find(Settings.DATABASE_URL).isPresent()) {
            problems.add("JWT_SECRET must be set with an external database, the same for every server on it;"
                    + " make one with: openssl rand -base64 48");
        }
    }
}
