/** Cal.com's envelope of a refusal, as its filter for exceptions writes it. */
export function refuse(status: number, message: string, path: string, now: Date): Response {
  const [code, error] = names[status] ?? ["HttpException", "Error"];
  return Response.json(
    {
      status: "error",
      timestamp: now.toISOString(),
      path,
      error: { code, message, details: { message, error, statusCode: status } },
    },
    { status },
  );
}

const names: Record<number, [code: string, error: string]> = {
  400: ["BadRequestException", "Bad Request"],
  404: ["NotFoundException", "Not Found"],
};

/** A field of the form that was not answered comes with another code, and without the rest. */
export const refuseField = (field: string): Response =>
  Response.json(
    {
      status: "error",
      path: "/v2/bookings",
      error: { code: "BAD_REQUEST", message: `responses - {${field}}error_required_field, ` },
    },
    { status: 400 },
  );

export const takenMessage = "User either already has booking at this time or is not available";
