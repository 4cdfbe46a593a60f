namespace SensorGateway.Nats;

/// <summary>Who we are to a server: a user with a password, or a token, or nobody.</summary>
public sealed record NatsCredentials(string? User, string? Password, string? Token)
{
    /// <summary>For a server that asks for nothing.</summary>
    public static NatsCredentials None { get; } = new(null, null, null);

    /// <summary>True when there is nothing to show the server.</summary>
    public bool IsEmpty => User is null && Password is null && Token is null;

    /// <summary>Names the kind only: whatever prints options must not print secrets.</summary>
    public override string ToString() =>
        Token is not null ? "token" : User is not null ? $"user {User}" : "no credentials";
}
