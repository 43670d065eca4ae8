package dev.panoptes.integrity.declared;

import java.util.regex.Pattern;

/** What the words around a port say of it. Made when the first text has one: most have none. */
final class PortWords {
    /** What a program is told to bind itself is not asked. */
    static final Pattern OWN = Pattern.compile(
            "(?i)(listen\\w*|bind\\w*|(?<![\\w-])addr|(?<![\\w-])address|serve|run|insecure_port|--host|--addr|(?<!\\S)-b|--http|applicationurl|aspnetcore_urls|(?<![\\w-])urls|server_?name|publish\\w*|ports?)[\"']?[\\s=:,\\[({]*(\\w+[\"']?\\s*,\\s*)?[\"'`]?([a-z+]+://)?$");

    /** From where a program may be called, which is no place that it asks. */
    static final Pattern CALLER =
            Pattern.compile("(?i)(allow|origin|cors|csrf|trusted|server_?name)[\\w-]*[\"']?\\s*[=:,\\[({][^;]*$");

    /** Lines that name an image, or lead somewhere else. */
    static final Pattern ELSEWHERE = Pattern.compile(
            "(?i)(?<!\\w)(image|newname|registry|repository)[\"']?\\s*[:=]|^\\s*FROM\\s|\\bdocker\\s+(build|tag|push|pull)\\b|\\bssh\\s|\\bport-forward\\b|\\$schema");

    /** What is only said to somebody. */
    static final Pattern PRINTED = Pattern.compile(
            "(?i)\\b(echo|printf|print|println|puts|log(ger|ging)?\\.\\w+|console\\.\\w+|info|warn|fatal)\\b(?![^|;&]*\\b(get|post|put|request|fetch|urlopen|curl|wget)\\b)[^|;&]*$");

    static final Pattern READ = Pattern.compile(
            "(?:environ(?:\\.get)?\\s*[(\\[]|getenv\\s*\\(|lookupenv\\s*\\(|process\\.env\\.|process\\.env\\[|import\\.meta\\.env\\.|env\\.get\\(|Bun\\.env\\.|ENV(?:\\.fetch)?[(\\[]|(?<![\\w])env\\w*\\(|config\\(|\\$\\{)[\"']?([A-Za-z_][\\w.]*)",
            Pattern.CASE_INSENSITIVE);

    static final Pattern KEY = Pattern.compile(
            "^\\s*(?:export\\s+|-\\s+|ENV\\s+|ARG\\s+|Environment=|const\\s+|let\\s+|var\\s+)?[\"']?([A-Za-z_][\\w.-]*)[\"']?\\s*(?::\\s*\\w+\\s*)?[:=]");
    static final Pattern PORT = Pattern.compile(
            "([A-Za-z][\\w.-]*[._-])?[\"']?port(?:_value)?[\"']?\\s*[:=,]\\s*(?:\\$\\{\\w+:-?)?[\"']?([0-9]{2,5})(?![\\w.:-])",
            Pattern.CASE_INSENSITIVE);
    static final Pattern HOST = Pattern.compile(
            "([A-Za-z][\\w.-]*[._-])?[\"']?(?:host|hostname|server|upstream|backend|address)[\"']?[ \\t]*[:=,][ \\t]*(?:\\$\\{\\w+:-?)?[\"']?([A-Za-z0-9][\\w.-]*)",
            Pattern.CASE_INSENSITIVE);

    /** Whose host and port on the own machine are another server's, and not those that a program binds. */
    static final Pattern OF_SERVER = Pattern.compile(
            "(?i).*(db|database|redis|postgres|pg|mysql|mongo|mail|smtp|amqp|rabbit|mq|kafka|mqtt|nats|elastic|cache|queue|broker|upstream).*");

    /** Ports inside a container that platforms are told, and the one to which a script publishes. */
    static final Pattern INSIDE = Pattern.compile(
            "[\"']?\\b(?:containerPort|container_port|http_port|target_port|targetPort|health_?check_?port)[\"']?\\s*[:=]\\s*[\"']?([0-9]{2,5})\\b"
                    + "|\\b(?:docker|podman|nerdctl)\\s+run\\b[^\\n]{0,500}?\\s(?:-p|--publish)[ =](?:[0-9.]+:)?[0-9]+:([0-9]{2,5})\\b",
            Pattern.CASE_INSENSITIVE);

    /** {@code kubectl port-forward svc/api 8080:80}, {@code Server=db,1433}. */
    static final Pattern FORWARDED = Pattern.compile(
            "\\bport-forward\\b[^\\n]{0,300}?\\b(?:svc|service|services)/([a-z][\\w.-]*)\\s+(?:[0-9]*:)?([0-9]{2,5})\\b|\\b[Ss]erver=(?:tcp:)?([A-Za-z][\\w.-]*),([0-9]{3,5})\\b");

    static final Pattern EXPOSED = Pattern.compile(
            "(?m)^[ \\t]++expose[ \\t]*:[ \\t]*(\\[[^\\]\\n]*]|(?:\\n[ \\t]+-[ \\t]*[\"']?[0-9]+[^\\n]{0,100}){1,50})");
    static final Pattern NUMBER = Pattern.compile("(?<![\\w.-])([0-9]{2,5})(?![\\w.-])");

    /** {@code 'PORT': env('DB_PORT', '5432')}: the key, before the variable. */
    static final Pattern OUTER = Pattern.compile("(?<![\\w.-])[\"']?port[\"']?\\s*[:=]", Pattern.CASE_INSENSITIVE);

    /** A line that only opens what belongs to a name. */
    static final Pattern HEAD = Pattern.compile("[\\s{]*[\"']?([A-Za-z][\\w.-]*)[\"']?\\s*[:=]\\s*\\{?\\s*");

    /** {@code nc -z db 5432}, {@code pg_isready -h db -p 5432}. */
    static final Pattern WORDS = Pattern.compile(
            "\\b(?:nc|ncat|telnet)\\s{1,10}(?:-\\S{1,40}\\s{1,10}){0,10}([A-Za-z][\\w.-]*)\\s+([0-9]{2,5})\\b|\\s(?:-h|--host)[ =]?([A-Za-z][\\w.-]*)\\b.{0,60}?\\s(?:-[pP]|--port)[ =]?([0-9]{2,5})\\b");

    /** What Fly asks besides its proxy: checks, and metrics. */
    static final Pattern OF_FLY = Pattern.compile(
            "(?m)^[ \\t]*\\[{1,2}[ \\t]*(?:checks\\b|metrics\\b|[\\w.]*_checks\\b)[^\\]\\n]*]{1,2}[^\\n]*(?:\\n(?![ \\t]*\\[)[^\\n]{0,200}){0,20}?\\n[ \\t]*port[ \\t]*=[ \\t]*([0-9]{2,5})\\b");

    /** What may be a variable of the environment; {@code HOST} and {@code PORT} are keys of everybody's. */
    static final Pattern VARIABLE =
            Pattern.compile("(?<![\\w])(?!(?:HOST|PORT)(?![\\w]))[A-Z][A-Z0-9_]{2,60}(?![\\w])");

    private PortWords() {}
}
