import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests at a fixed rate, however long each takes: {@code java Paced.java URL TOKEN RATE SECONDS}. A request counts from the
 * moment at which it was due, so that a server that stalls cannot hide it. The first fifth warms up.
 */
final class Paced {
    public static void main(String[] arguments) {
        int rate = Integer.parseInt(arguments[2]);
        int count = rate * Integer.parseInt(arguments[3]);
        HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0]))
                .header("Authorization", "Bearer " + arguments[1])
                .timeout(Duration.ofSeconds(10))
                .build();
        long[] nanos = new long[count];
        CompletableFuture<?>[] all = new CompletableFuture<?>[count];
        AtomicInteger failed = new AtomicInteger();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            long began = System.nanoTime();
            for (int i = 0; i < count; i++) {
                int number = i;
                long due = began + i * 1_000_000_000L / rate;
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                all[i] = client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                        .handle((answer, failure) -> {
                            nanos[number] = System.nanoTime() - due;
                            if (failure != null || answer.statusCode() != 200) {
                                failed.incrementAndGet();
                            }
                            return null;
                        });
            }
            CompletableFuture.allOf(all).join();
        }
        long[] sorted = Arrays.copyOfRange(nanos, count / 5, count);
        Arrays.sort(sorted);
        System.out.printf(
                "%d %.2f %.2f %.2f%n",
                failed.get(),
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }
}
