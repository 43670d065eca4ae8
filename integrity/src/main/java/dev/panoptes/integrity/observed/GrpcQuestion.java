package dev.panoptes.integrity.observed;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server of gRPC for its health (grpc.health.v1, {@code Check}) and for what it offers (server reflection), over one
 * connection of HTTP/2. The target's path is the service that is asked for, {@code /} for the server as a whole. gRPC has no name
 * for a server, so none is told.
 */
final class GrpcQuestion implements HttpProbe.Question {
    private static final int SERVICE = 1;
    private static final int STATUS = 1;
    private static final List<String> STATUSES = List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");

    @Override
    public HttpProbe.Asked ask(HttpLine line) throws IOException {
        try {
            return new HttpProbe.Asked(
                    line.converse(
                            "h2",
                            (in, out) -> answer(line, new GrpcCalls(new Http2Connection(in, out), line.target()))),
                    null);
        } catch (Http2Connection.ProtocolException e) {
            return new HttpProbe.Asked(
                    new ProbeAnswer.Faulty(null, String.valueOf(e.getMessage()), true, line.millis()), null);
        }
    }

    private static ProbeAnswer answer(HttpLine line, GrpcCalls calls) throws IOException {
        String service = line.target().path().substring(1);
        GrpcCalls.Result health = calls.call("grpc.health.v1.Health/Check", List.of(Protobuf.text(SERVICE, service)));
        if (!health.isGrpc()) {
            return health.http() == 401 || health.http() == 403
                    ? new ProbeAnswer.NotAsked("it answers only to whom it knows (status " + health.http() + ")")
                    : faulty(line, health, "answers with status " + health.http() + " and no status of gRPC");
        }
        if (health.code() == GrpcCalls.UNAUTHENTICATED || health.code() == GrpcCalls.PERMISSION_DENIED) {
            return new ProbeAnswer.NotAsked("it answers only to whom it knows (gRPC status " + health.code() + ")");
        }
        if (health.code() == GrpcCalls.NOT_FOUND) {
            return faulty(
                    line,
                    health,
                    service.isEmpty()
                            ? "answers that it knows no health of the server (gRPC status 5)"
                            : "answers that it knows no service " + service + " (gRPC status 5)");
        }
        String state = null;
        if (health.code() == GrpcCalls.OK) {
            state = state(health.messages());
            if (!"SERVING".equals(state)) {
                return faulty(line, health, "answers that it is " + (state == null ? "in no known state" : state));
            }
        } else if (health.code() != GrpcCalls.UNIMPLEMENTED) {
            return faulty(line, health, "answers its health check with gRPC status " + health.code());
        }
        List<String> offers = GrpcReflection.offers(calls);
        if (state == null && offers == null) {
            return new ProbeAnswer.NotAsked("it speaks gRPC and has neither its health service nor server reflection");
        }
        if (state == null && offers != null && !service.isEmpty() && !offers.contains(service)) {
            return faulty(line, health, "offers no service " + service);
        }
        return new ProbeAnswer.Healthy(health.http(), null, null, null, state, offers, line.millis());
    }

    /** Absent is 0 (Protocol Buffers, "Default field values"). */
    private static @Nullable String state(List<byte[]> messages) {
        List<Protobuf.Field> fields = messages.isEmpty() ? null : Protobuf.fields(messages.getFirst());
        if (fields == null) {
            return null;
        }
        long status = 0;
        for (Protobuf.Field field : fields) {
            status = field.number() == STATUS ? field.value() : status;
        }
        return status >= 0 && status < STATUSES.size() ? STATUSES.get((int) status) : null;
    }

    private static ProbeAnswer faulty(HttpLine line, GrpcCalls.Result result, String reason) {
        return new ProbeAnswer.Faulty(result.http(), reason, true, line.millis());
    }
}
