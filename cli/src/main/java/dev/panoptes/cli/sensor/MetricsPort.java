package dev.panoptes.cli.sensor;

import com.sun.net.httpserver.HttpServer;
import dev.panoptes.cli.shell.UsageException;
import dev.panoptes.sensors.SensorRunner;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.ToDoubleFunction;

/** Answers Prometheus with figures of every sensor. */
final class MetricsPort implements AutoCloseable {
    private final HttpServer http;

    private MetricsPort(HttpServer http) {
        this.http = http;
    }

    /** @param where {@code ADDR:PORT}; the address is a literal */
    static MetricsPort open(String where, SensorRunner runner) throws UsageException, IOException {
        int colon = where.lastIndexOf(':');
        try {
            InetAddress address = InetAddress.ofLiteral(where.substring(0, Math.max(colon, 0)));
            HttpServer http =
                    HttpServer.create(new InetSocketAddress(address, Integer.parseInt(where.substring(colon + 1))), 8);
            http.createContext("/metrics", exchange -> {
                byte[] body = text(runner).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
                exchange.sendResponseHeaders(200, body.length);
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            });
            http.start();
            return new MetricsPort(http);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--metrics wants ADDRESS:PORT such as 127.0.0.1:9101", "");
        }
    }

    static String text(SensorRunner runner) {
        StringBuilder text = new StringBuilder();
        figure(
                text,
                runner,
                "events_total",
                "counter",
                "Events taken.",
                seen -> seen.counters().events());
        figure(
                text,
                runner,
                "malformed_total",
                "counter",
                "Records that could not be read.",
                seen -> seen.counters().malformed());
        figure(
                text,
                runner,
                "errors_total",
                "counter",
                "What failed.",
                seen -> seen.counters().errors());
        figure(
                text,
                runner,
                "cycles_total",
                "counter",
                "Cycles done.",
                seen -> seen.counters().cycles());
        figure(
                text,
                runner,
                "cycle_seconds",
                "gauge",
                "How long the last cycle took.",
                seen -> seen.counters().lastCycle().toNanos() / 1e9);
        figure(text, runner, "spool_bytes", "gauge", "On disk.", SensorRunner.Seen::bytes);
        figure(
                text,
                runner,
                "lag",
                "gauge",
                "Events that the server has not acknowledged.",
                seen -> seen.next() - 1 - seen.acknowledged());
        head(text, "lost_total", "counter", "Records or events that are lost, by reason.");
        for (SensorRunner.Seen seen : runner.seen()) {
            seen.counters()
                    .lost()
                    .forEach((reason, count) -> text.append("panoptes_sensor_lost_total{sensor=\"")
                            .append(seen.sensor())
                            .append("\",reason=\"")
                            .append(reason.text())
                            .append("\"} ")
                            .append(count)
                            .append('\n'));
        }
        return text.toString();
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP panoptes_sensor_")
                .append(name)
                .append(' ')
                .append(help)
                .append('\n');
        text.append("# TYPE panoptes_sensor_")
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
    }

    private static void figure(
            StringBuilder text,
            SensorRunner runner,
            String name,
            String type,
            String help,
            ToDoubleFunction<SensorRunner.Seen> value) {
        head(text, name, type, help);
        for (SensorRunner.Seen seen : runner.seen()) {
            double number = value.applyAsDouble(seen);
            text.append("panoptes_sensor_")
                    .append(name)
                    .append("{sensor=\"")
                    .append(seen.sensor())
                    .append("\"} ")
                    .append(number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number))
                    .append('\n');
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
