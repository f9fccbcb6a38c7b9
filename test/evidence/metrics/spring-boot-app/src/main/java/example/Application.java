package example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Answers with 200, with 500, and with calls to Redis and to a database, so that each leaves its metrics. */
@SpringBootApplication
@RestController
public class Application {
    private final StringRedisTemplate redis;
    private final JdbcTemplate database;

    Application(StringRedisTemplate redis, JdbcTemplate database) {
        this.redis = redis;
        this.database = database;
    }

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @GetMapping("/hello/{name}")
    String hello(@PathVariable String name) {
        return "hello " + name;
    }

    @GetMapping("/count")
    Long count() {
        return redis.opsForValue().increment("count");
    }

    @GetMapping("/rows")
    Integer rows() {
        return database.queryForObject("SELECT 1", Integer.class);
    }

    @GetMapping("/fail")
    String fail() {
        throw new IllegalStateException("meant to fail");
    }
}
