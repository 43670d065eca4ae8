package dev.panoptes.server.config;

import dev.panoptes.core.issue.Severity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;

/** Every setting there is. To add one, write its constant and its line in {@link #ALL}. */
public final class Settings {
    /** Whether the server observes the host that it runs on. */
    public enum ObserveLocal {
        /** With the embedded database yes, with an external one no: then observers send snapshots. */
        AUTO,
        TRUE,
        FALSE
    }

    /** Whether a Kubernetes cluster is asked. */
    public enum AskCluster {
        /** Where there is a service account or a kubeconfig was named. */
        AUTO,
        TRUE,
        FALSE
    }

    /** Which new issues of one scan are told in one message. */
    public enum Grouping {
        AGENT,
        SCAN,
        NONE
    }

    public static final Setting<Path> DATA_DIR = Setting.optional(
            "data_dir", Kind.PATH, "where everything is kept; /var/lib/panoptes as root, else ~/.local/share/panoptes");
    public static final Setting<ListenAddress> LISTEN =
            Setting.of("listen", Kind.LISTEN, "127.0.0.1:8022", "address and port of the API and the pages");
    public static final Setting<Path> TLS_CERTIFICATE =
            Setting.optional("tls.certificate", Kind.PATH, "PEM file with the certificate chain, leaf first");
    public static final Setting<Path> TLS_KEY =
            Setting.optional("tls.key", Kind.PATH, "PEM file with its PKCS #8 private key");
    public static final Setting<String> DATABASE_URL = Setting.optional(
                    "database.url",
                    Kind.TEXT,
                    "postgres://user:password@host:5432/database of PostgreSQL 15 or newer, or its socket: postgres:///database?host=/run/postgresql&user=me; unset: an embedded one")
            .also("DATABASE_URL")
            .asSecret();
    public static final Setting<Integer> DATABASE_CONNECTIONS = Setting.of(
            "database.connections", Kind.number(2, 200), "12", "at most so many connections to the database");
    public static final Setting<Integer> BACKUPS_KEEP = Setting.of(
            "backups.keep",
            Kind.number(1, 1000),
            "5",
            "how many of the backups that are made before migrations stay in the data directory");
    public static final Setting<Duration> RETENTION_SNAPSHOTS = Setting.of(
            "retention.snapshots", Kind.KEPT, "30d", "how long snapshots are kept; the newest of a host stays");
    public static final Setting<Duration> RETENTION_REPORTS = Setting.of(
            "retention.reports",
            Kind.KEPT,
            "90d",
            "how long reports are kept; those that an issue or its history names stay with it");
    public static final Setting<Duration> RETENTION_ISSUES = Setting.of(
            "retention.issues",
            Kind.KEPT,
            "90d",
            "how long resolved issues, what happened to issues, alerts and ended waivers and silences are kept");
    public static final Setting<Duration> RETENTION_AUDIT =
            Setting.of("retention.audit", Kind.KEPT, "365d", "how long lines of the audit log are kept");
    public static final Setting<Duration> RETENTION_METRICS =
            Setting.of("retention.metrics", Kind.KEPT, "30d", "how long figures that agents send are kept");
    public static final Setting<Duration> RETENTION_FINDINGS =
            Setting.of("retention.findings", Kind.KEPT, "90d", "how long findings are kept after they were closed");
    public static final Setting<Duration> HEARTBEAT_INTERVAL = Setting.of(
            "agents.heartbeat_interval", Kind.TIME, "30s", "how often agents that enroll from now on are to beat");
    public static final Setting<Duration> AGENT_LOST_AFTER =
            Setting.of("agents.lost_after", Kind.TIME, "300s", "an agent without a heartbeat for so long is lost");
    public static final Setting<Duration> RETENTION_EVENTS =
            Setting.of("retention.events", Kind.KEPT, "90d", "how long what sensors saw is kept, by whole days");
    public static final Setting<Duration> DETECTION_LATENESS = Setting.of(
            "detection.lateness", Kind.TIME, "24h", "how long after its time an event still joins an incident");
    public static final Setting<List<Path>> HEARTBEAT_DIRS = Setting.of(
            "sensors.heartbeat_dirs",
            Kind.PATHS,
            "/opt/amoskys/data/heartbeats:/var/lib/panoptes-sensor/heartbeats",
            "where sensors of this host say that they live");
    public static final Setting<Integer> RETENTION_EVENTS_SIZE = Setting.of(
            "retention.events_size",
            Kind.number(1, 1_000_000),
            "20",
            "how many GiB of it are kept: beyond that the oldest day goes, never today");
    public static final Setting<String> JWT_SECRET = Setting.optional(
                    "jwt_secret",
                    Kind.TEXT,
                    "signs agents' access tokens, at least 32 bytes; unset: made and kept in the data directory,"
                            + " which only the embedded database allows")
            .also("JWT_SECRET")
            .asSecret();
    public static final Setting<Boolean> ANONYMOUS_READ = Setting.of(
            "anonymous_read", Kind.FLAG, "false", "whether everybody who can connect may read what viewers may");
    public static final Setting<Boolean> OPEN_LOOPBACK = Setting.of(
            "compat.open_loopback",
            Kind.FLAG,
            "false",
            "whether calls from this machine need no token, as in the original systems; a proxy on this machine that"
                    + " adds no header of its own would let everybody in, so never use it behind one");
    public static final Setting<Integer> REQUESTS_PER_SECOND = Setting.of(
            "limits.requests_per_second", Kind.number(0, 100_000), "100", "of one caller, per replica; 0 for no limit");
    public static final Setting<Duration> REQUEST_HEAD =
            Setting.of("limits.request_head", Kind.TIME, "10s", "how long the head of a request may take to arrive");
    public static final Setting<Integer> STREAMS = Setting.of(
            "limits.streams", Kind.number(0, 10_000), "200", "how many may listen to the stream at once, per replica");
    public static final Setting<Integer> STREAMS_EACH = Setting.of(
            "limits.streams_per_caller",
            Kind.number(1, 10_000),
            "20",
            "how many of these one person, token or address may have; one more ends its oldest");
    public static final Setting<List<Network>> TRUSTED_PROXIES = Setting.of(
            "http.trusted_proxies",
            Kind.NETWORKS,
            "none",
            "addresses or networks, with commas between, of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; none: nobody's");
    public static final Setting<URI> PUBLIC_URL = Setting.optional(
            "http.public_url",
            Kind.ORIGIN,
            "where browsers find the pages, as people write it; needed for a login by OpenID Connect, and named in what"
                    + " Alertmanager is told");
    public static final Setting<List<String>> CORS_ORIGINS = Setting.of(
            "http.cors_origins",
            Kind.ORIGINS,
            "none",
            "origins, with commas between, whose pages may call with a bearer token; none: nobody's");
    public static final Setting<URI> OIDC_ISSUER = Setting.optional(
            "oidc.issuer",
            Kind.HTTP_URL,
            "the provider of OpenID Connect that people may log in by, exactly as it calls itself; unset: by password"
                    + " only");
    public static final Setting<String> OIDC_CLIENT =
            Setting.optional("oidc.client_id", Kind.TEXT, "as what this server is registered with the provider");
    public static final Setting<String> OIDC_SECRET = Setting.optional(
                    "oidc.client_secret", Kind.TEXT, "what it shows the provider; unset: it is a public client")
            .asSecret();
    public static final Setting<Path> OIDC_CA = Setting.optional(
            "oidc.ca",
            Kind.PATH,
            "PEM file of the certificates that alone are believed to be the provider's; unset: those of the machine");
    public static final Setting<String> OIDC_NAME =
            Setting.of("oidc.name", Kind.TEXT, "single sign-on", "what the login page calls the provider");
    public static final Setting<List<String>> OIDC_SCOPES = Setting.of(
            "oidc.scopes",
            Kind.WORDS,
            "openid, profile, email",
            "what the provider is asked for, with commas between; some need groups among them");
    public static final Setting<String> OIDC_NAME_CLAIM =
            Setting.of("oidc.name_claim", Kind.TEXT, "preferred_username", "the claim that holds somebody's name here");
    public static final Setting<String> OIDC_ROLES_CLAIM = Setting.of(
            "oidc.roles_claim",
            Kind.TEXT,
            "groups",
            "the claim that holds somebody's groups, with dots where it is nested: realm_access.roles");
    public static final Setting<List<String>> OIDC_ADMINS =
            Setting.of("oidc.roles.admin", Kind.WORDS, "none", "groups, with commas between, whose people are admins");
    public static final Setting<List<String>> OIDC_OPERATORS = Setting.of(
            "oidc.roles.operator", Kind.WORDS, "none", "groups, with commas between, whose people are operators");
    public static final Setting<List<String>> OIDC_VIEWERS = Setting.of(
            "oidc.roles.viewer",
            Kind.WORDS,
            "none",
            "groups, with commas between, whose people are viewers; *: everybody whom the provider lets in");
    public static final Setting<Duration> OIDC_SESSION = Setting.of(
            "oidc.session",
            Kind.TIME,
            "8h",
            "after so long, from 5m to 7d, somebody comes by way of the provider again: a role that it took away is gone"
                    + " by then");
    public static final Setting<Path> REGISTRY = Setting.optional(
                    "registry", Kind.PATH, "the fleet's declaration; unset: looked for as `panoptes scan` does")
            .also("REGISTRY_PATH");
    public static final Setting<Path> AGENTS_PATH = Setting.optional(
                    "agents_path", Kind.PATH, "each child directory is one agent's code")
            .also("AGENTS_PATH");
    public static final Setting<Path> ROOT =
            Setting.optional("root", Kind.PATH, "where compose files, Dockerfiles and units are looked for");
    public static final Setting<String> DEPLOYED_AT = Setting.optional(
            "deployed_at",
            Kind.TEXT,
            "the absolute path at which the root is deployed; unset: found out from the units");
    public static final Setting<String> PROFILE =
            Setting.optional("profile", Kind.TEXT, "name of the shipped profile with the fleet's habits");
    public static final Setting<ObserveLocal> OBSERVE_LOCAL = Setting.of(
            "observe.local",
            Kind.oneOf(ObserveLocal.class),
            "auto",
            "whether the server observes its own host; auto: only with the embedded database");
    public static final Setting<AskCluster> KUBERNETES = Setting.of(
            "kubernetes.enabled",
            Kind.oneOf(AskCluster.class),
            "auto",
            "whether a cluster is asked for the Services that the registry names; auto: where the server runs in one or"
                    + " kubernetes.kubeconfig is set");
    public static final Setting<Path> KUBECONFIG = Setting.optional(
            "kubernetes.kubeconfig", Kind.PATH, "how the cluster is reached; unset: by the pod's service account");
    public static final Setting<String> KUBE_CONTEXT =
            Setting.optional("kubernetes.context", Kind.TEXT, "the context of that file; unset: its current one");
    public static final Setting<Duration> WATCH_INTERVAL =
            Setting.of("watch.interval", Kind.TIME, "60s", "how often sockets, owners, units and health are judged");
    public static final Setting<Duration> LEASE = Setting.of(
            "replicas.lease",
            Kind.TIME,
            "15s",
            "after so long a replica that is not heard of leaves what it was doing to another");
    public static final Setting<Cron> SCAN_SCHEDULE =
            Setting.of("scan.schedule", Kind.CRON, "0 6 * * *", "when a full scan runs by itself, in local time");
    public static final Setting<Duration> SCAN_DEADLINE =
            Setting.of("scan.deadline", Kind.TIME, "5m", "how long one scan may take");
    public static final Setting<Duration> PROBE_TIMEOUT =
            Setting.of("scan.probe_timeout", Kind.TIME, "5s", "how long one health request may take");
    public static final Setting<URI> HERMES_URL = Setting.optional(
                    "hermes.url", Kind.HTTP_URL, "base URL of the HERMES that notifies people")
            .also("HERMES_URL");
    public static final Setting<URI> EVENT_BUS_URL = Setting.optional(
                    "event_bus.url", Kind.HTTP_URL, "base URL of the event bus that is told of starts and scans")
            .also("EVENT_BUS_URL");
    public static final Setting<Grouping> ALERT_GROUPING = Setting.of(
            "alerts.grouping",
            Kind.oneOf(Grouping.class),
            "agent",
            "which new issues of one scan are told in one message: those of one agent, all (scan), or each alone"
                    + " (none)");
    public static final Setting<Severity> ALERT_SEVERITY = Setting.of(
            "alerts.min_severity", Kind.oneOf(Severity.class), "high", "issues that are less severe are not told");
    public static final Setting<URI> WEBHOOK_URL =
            Setting.optional("alerts.webhook.url", Kind.HTTP_URL, "where alerts and resolutions are posted");
    public static final Setting<String> WEBHOOK_SECRET = Setting.optional(
                    "alerts.webhook.secret", Kind.TEXT, "signs what is posted there, at least 16 characters")
            .asSecret();
    public static final Setting<URI> ALERTMANAGER_URL = Setting.optional(
            "alerts.alertmanager.url",
            Kind.HTTP_URL,
            "base URL of a Prometheus Alertmanager that is told of open issues");
    public static final Setting<String> NATS_URL = Setting.optional(
                    "nats.url", Kind.TEXT, "a NATS server with JetStream; unset: plain HTTP only")
            .also("NATS_URL")
            .asSecret();
    public static final Setting<Path> NATS_CREDENTIALS = Setting.optional(
                    "nats.credentials", Kind.PATH, "a .creds file for the NATS server")
            .also("NATS_CREDS");
    public static final Setting<Path> NATS_CA = Setting.optional(
                    "nats.ca",
                    Kind.PATH,
                    "PEM file of the certificates that alone are believed to be the NATS server's")
            .also("NATS_CA");
    public static final Setting<Integer> NATS_REPLICAS =
            Setting.of("nats.replicas", Kind.number(1, 5), "1", "how many servers of a NATS cluster keep each stream");
    public static final Setting<Integer> NATS_TELEMETRY_SIZE = Setting.of(
            "nats.telemetry_size",
            Kind.number(1, 10_240),
            "1",
            "GiB that the stream of telemetry may have; when it is full, sensors keep their events");
    public static final Setting<Boolean> NATS_TRUST_DISCOVERY = Setting.of(
            "nats.trust_discovery",
            Kind.FLAG,
            "false",
            "whether agents that answer over NATS count as enrolled without being accepted");
    public static final Setting<URI> SERVER_URL = Setting.optional(
                    "server_url", Kind.HTTP_URL, "where commands find the server; unset: where it listens")
            .also("MANAGEMENT_API_URL");
    public static final Setting<Path> SERVER_CA = Setting.optional(
            "server_ca", Kind.PATH, "PEM file of the certificates that commands trust; unset: those of the machine");
    public static final Setting<LocalDate> LAUNCH_DATE =
            Setting.optional("launch_date", Kind.DATE, "the day that GET /health counts down to");

    /** In the order of the documentation. */
    public static final List<Setting<?>> ALL = List.of(
            DATA_DIR,
            LISTEN,
            TLS_CERTIFICATE,
            TLS_KEY,
            DATABASE_URL,
            DATABASE_CONNECTIONS,
            BACKUPS_KEEP,
            RETENTION_SNAPSHOTS,
            RETENTION_REPORTS,
            RETENTION_ISSUES,
            RETENTION_AUDIT,
            RETENTION_EVENTS,
            RETENTION_EVENTS_SIZE,
            DETECTION_LATENESS,
            HEARTBEAT_DIRS,
            RETENTION_METRICS,
            RETENTION_FINDINGS,
            HEARTBEAT_INTERVAL,
            AGENT_LOST_AFTER,
            JWT_SECRET,
            ANONYMOUS_READ,
            OPEN_LOOPBACK,
            REQUESTS_PER_SECOND,
            REQUEST_HEAD,
            STREAMS,
            STREAMS_EACH,
            TRUSTED_PROXIES,
            PUBLIC_URL,
            CORS_ORIGINS,
            OIDC_ISSUER,
            OIDC_CLIENT,
            OIDC_SECRET,
            OIDC_CA,
            OIDC_NAME,
            OIDC_SCOPES,
            OIDC_NAME_CLAIM,
            OIDC_ROLES_CLAIM,
            OIDC_ADMINS,
            OIDC_OPERATORS,
            OIDC_VIEWERS,
            OIDC_SESSION,
            REGISTRY,
            AGENTS_PATH,
            ROOT,
            DEPLOYED_AT,
            PROFILE,
            OBSERVE_LOCAL,
            KUBERNETES,
            KUBECONFIG,
            KUBE_CONTEXT,
            WATCH_INTERVAL,
            LEASE,
            SCAN_SCHEDULE,
            SCAN_DEADLINE,
            PROBE_TIMEOUT,
            HERMES_URL,
            EVENT_BUS_URL,
            ALERT_GROUPING,
            ALERT_SEVERITY,
            WEBHOOK_URL,
            WEBHOOK_SECRET,
            ALERTMANAGER_URL,
            NATS_URL,
            NATS_CREDENTIALS,
            NATS_CA,
            NATS_REPLICAS,
            NATS_TELEMETRY_SIZE,
            NATS_TRUST_DISCOVERY,
            SERVER_URL,
            SERVER_CA,
            LAUNCH_DATE);

    private Settings() {}
}
