/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import io.vertx.ext.web.RoutingContext;
import org.facsim.app.http.ArrayJson.CallsJson;
import org.facsim.app.http.ArrayJson.Listing;
import org.facsim.app.http.ArrayJson.ProfileJson;
import org.facsim.app.http.ArrayJson.ProfileRequest;
import org.facsim.app.http.ArrayJson.StateJson;
import org.facsim.app.http.ArrayJson.StateRequest;
import org.facsim.app.http.ArrayJson.VaaiStatisticsJson;
import org.facsim.app.http.ArrayJson.VolumeJson;
import org.facsim.array.Volume;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.NamedProfiles;

/**
 * What an administrator of the array reads and sets: volumes, profiles, named states, statistics.
 */
final class ArrayRoutes {
  private static final String API = "/api/v1";
  private static final String PROFILE = API + "/volumes/:volume/profile";
  private static final String STATE = API + "/states/:state";
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final ManagedArray array;

  ArrayRoutes(ManagedArray array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get(API + "/array", this::array);
    routes.get(API + "/volumes", this::volumes);
    routes.get(API + "/profiles", this::profiles);
    routes.get(PROFILE, this::profile);
    routes.put(PROFILE, this::setProfile);
    routes.delete(PROFILE, this::resetProfile);
    routes.get(API + "/states", this::states);
    routes.post(API + "/states", this::saveState);
    routes.post(STATE + "/restore", this::restoreState);
    routes.delete(STATE, this::deleteState);
    routes.get(API + "/statistics/vaai", this::vaaiStatistics);
    routes.get(API + "/statistics/rpc", this::rpcStatistics);
  }

  private void array(RoutingContext context) {
    Answers.json(context, OK, array.storage().space());
  }

  private void volumes(RoutingContext context) {
    Answers.json(
        context,
        OK,
        new Listing<>(
            array.storage().volumes().stream()
                .map(volume -> VolumeJson.of(volume, array.profiles().of(volume.name())))
                .toList()));
  }

  // ---------------------------------------------------------------- profiles

  private void profiles(RoutingContext context) {
    Answers.json(
        context, OK, new Listing<>(NamedProfiles.all().stream().map(ProfileJson::of).toList()));
  }

  private void profile(RoutingContext context) {
    Answers.json(context, OK, ProfileJson.of(array.profiles().of(volume(context).name())));
  }

  private void setProfile(RoutingContext context) {
    Volume volume = volume(context);
    ArrayProfile profile = RequestedProfile.of(JsonBodies.read(context, ProfileRequest.class));
    array.profiles().set(volume.name(), profile);
    Answers.json(context, OK, ProfileJson.of(profile));
  }

  private void resetProfile(RoutingContext context) {
    JsonBodies.readNothing(context);
    array.profiles().reset(volume(context).name());
    Answers.noContent(context);
  }

  private Volume volume(RoutingContext context) {
    return RequestedVolume.of(context, array.storage());
  }

  // ---------------------------------------------------------------- named states

  private void states(RoutingContext context) {
    Answers.json(
        context, OK, new Listing<>(array.storage().states().stream().map(StateJson::of).toList()));
  }

  private void saveState(RoutingContext context) {
    String name = VaaiJson.required("name", JsonBodies.read(context, StateRequest.class).name());
    array.saveState(name);
    Answers.json(context, CREATED, new StateRequest(name));
  }

  private void restoreState(RoutingContext context) {
    JsonBodies.readNothing(context);
    array.restoreState(context.pathParam("state"));
    Answers.noContent(context);
  }

  private void deleteState(RoutingContext context) {
    JsonBodies.readNothing(context);
    array.deleteState(context.pathParam("state"));
    Answers.noContent(context);
  }

  // ---------------------------------------------------------------- statistics

  private void vaaiStatistics(RoutingContext context) {
    Answers.json(
        context,
        OK,
        new Listing<>(array.vaaiStatistics().read().stream().map(VaaiStatisticsJson::of).toList()));
  }

  private void rpcStatistics(RoutingContext context) {
    Answers.json(
        context,
        OK,
        new Listing<>(array.callStatistics().read().stream().map(CallsJson::of).toList()));
  }
}
