export { offersQuery, useOffers } from "@/shared/api/offers";
